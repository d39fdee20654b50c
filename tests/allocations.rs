//! A training step allocates nothing: a fit of many epochs allocates as often as one of few. And a worker more costs a
//! model with its optimizer and its batches, but nothing of the data.

#![allow(unsafe_code, reason = "an allocator is an unsafe trait; this one counts and passes on")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
};

use dropgrid::prelude::*;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call goes to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        let live = LIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(live, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Every kind of operation: folded, by itself, with two inputs, with state.
#[searchable]
struct Model {
    scale: Standardize<6>,
    hidden: (Linear<6, 32>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    body: Residual<(WeightNorm<Linear<32, 32>>, LayerNorm1D<32>, Tanh, BatchNorm1D<32>)>,
    #[grid(0.1)]
    late: Dropout,
    #[grid(0.1)]
    noise: GaussianNoise,
    #[grid(0.1)]
    alpha: AlphaDropout,
    output: Linear<32, 3>,
}

/// Every layer of rows that trains as a program.
#[searchable]
struct Rows {
    scale: Standardize<6>,
    hidden: (Linear<6, 32>, ReLU, Square, Abs, LeakyReLU),
    #[grid(0.25)]
    dropout: Dropout,
    noise: (DropoutOneIn<5>, GaussianDropout, AlphaDropout, GaussianNoise),
    body: (WeightNorm<Linear<32, 32>>, BatchNorm1D<32>, Tanh, LayerNorm1D<32>, Sigmoid, PReLU),
    blocks: Repeated<Residual<(Linear<32, 32>, Mish, ELU, SELU)>, 2>,
    other: GeneralizedResidual<(WeightNorm<Linear<32, 8>>, SiLU, FastGeLU), (Linear<32, 8>, AccurateGeLU, Identity)>,
    output: Linear<8, 3>,
}

/// Every layer of images.
#[searchable(input = Rank1<6>)]
struct Pictures {
    range: MinMax<6>,
    images: Reshape<Rank3<1, 2, 3>>,
    first: (Conv2D<1, 4, 2, 1, 1>, BatchNorm2D<4>, PReLU1D<4>, MaxPool2D<2>, Dropout2D),
    output: GeneralizedResidual<
        (AvgPool2D<2>, Flatten2D, Linear<8, 3>),
        GeneralizedResidual<(AvgPoolGlobal, Linear<4, 3>), (MaxPoolGlobal, Linear<4, 3>)>,
    >,
}

/// The same features as images.
#[searchable(input = Rank3<1, 2, 3>)]
struct Images {
    first: (Conv2D<1, 4, 2, 1, 1>, ReLU, MaxPool2D<2>),
    #[grid(0.25)]
    dropout: Dropout,
    body: Residual<(Conv2D<4, 4, 3, 1, 1, 1, 2>, Tanh)>,
    output: (AvgPool2D<2>, Flatten2D, Linear<8, 3>),
}

/// The same features as sequences.
#[searchable(input = Rank2<3, 2>)]
struct Sequences {
    first: (Conv1D<2, 8, 3, 1, 1>, PositionalEncoding, SpatialDropout1D),
    #[grid(0.1)]
    encoder: TransformerEncoder<8, 2, 8>,
    #[grid(0.1)]
    memory: Lstm<8, 4, 2, AllStates, Bidirectional>,
    output: (Gru<8, 8>, Linear<8, 3>),
}

/// The other layers of sequences: the features as the numbers of categories.
#[searchable(input = Rank1<6>)]
struct Words {
    words: Embedding<13, 8>,
    first: (MaxPool1D<2>, Conv1D<8, 8, 1>),
    attention: (MultiHeadAttention<8, 2>, AvgPool1D<2>),
    output: (GlobalAverage, Linear<8, 3>),
}

/// Columns by name, side by side.
#[searchable]
struct Columns {
    #[columns(number)]
    number: (Impute<1, Median>, Standardize<1>),
    #[columns(two, three)]
    codes: PerColumn<(OneHot<2>, Embed<3, 2>)>,
    output: Linear<5, 3>,
}

/// Asserts that more epochs of a model allocate no more.
macro_rules! steps_allocate_nothing {
    ($model:ident, $recipe:expr, $data:expr) => {{
        let recipe: Train = $recipe;
        let allocations = |epochs| {
            let before = ALLOCATIONS.load(Ordering::Relaxed);
            $model::search(Grid)
                .cv(KFold::new(2))
                .train(recipe.clone().epochs(epochs).batch_size(16))
                .workers(1)
                .progress(false)
                .fit($data)
                .expect("a report");
            ALLOCATIONS.load(Ordering::Relaxed) - before
        };
        // 38 epochs of three fits are 342 steps more. Threads that wait for one another allocate now and then, so the
        // least of several differences counts; the first searches also fill what the program keeps.
        let more = [(); 4].map(|()| {
            let few = allocations(2);
            allocations(40).saturating_sub(few)
        });
        assert!(more.iter().min() < Some(&20), "{recipe:?}: {more:?} allocations for 38 epochs more");
    }};
}

/// The peak of live bytes of a search by so many workers, beyond those before it.
macro_rules! peak {
    ($model:ident, $workers:expr, $data:expr) => {{
        let before = LIVE.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        $model::search(Grid)
            .cv(KFold::new(2))
            .train(Train::adam(1e-3).epochs(1).batch_size(16))
            .workers($workers)
            .progress(false)
            .fit($data)
            .expect("a report");
        PEAK.load(Ordering::Relaxed) - before
    }};
}

/// A small network on many rows of many columns: a fold of the data is four times what a worker needs.
#[searchable]
struct Small {
    hidden: (Linear<200, 100>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    output: Linear<100, 3>,
}

/// Many parameters: the model is.
#[searchable]
struct Wide {
    hidden: (Linear<784, 512>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    output: Linear<512, 3>,
}

fn data(rows: usize) -> Dataset<Classes<3>> {
    let features: Vec<[f32; 6]> =
        (0..rows).map(|row| [0, 1, 2, 3, 4, 5].map(|at| ((row * 7 + at) % 13) as f32)).collect();
    let labels = Classes::<3>::new((0..rows).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    Dataset::new(&features, labels).expect("data")
}

fn wide(rows: usize, columns: usize) -> Dataset<Classes<3>> {
    let values = (0..rows * columns).map(|at| (at % 251) as f32 / 251.0).collect();
    let labels = Classes::<3>::new((0..rows).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    Features::from_flat(values, columns).and_then(|rows| Dataset::from_features(rows, labels)).expect("data")
}

/// Asserts that the prediction of one row allocates nothing.
macro_rules! a_row_allocates_nothing {
    ($model:ident, $data:expr) => {{
        let data = $data;
        let search = $model::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-3).epochs(1)).progress(false);
        let fitted = search.fit(data).expect("a report").into_fitted();
        let mut predictor = fitted.row_predictor().expect("memory");
        // Threads of the search may still end.
        let least = (0..5).map(|_| {
            let before = ALLOCATIONS.load(Ordering::Relaxed);
            for row in 0..100 {
                let row = data.features().row(row % data.len());
                assert!(predictor.predict_proba(row).expect("finite")[predictor.predict(row).expect("finite")] > 0.3);
            }
            ALLOCATIONS.load(Ordering::Relaxed) - before
        });
        assert_eq!(least.min(), Some(0), "allocations of 200 predictions of {}", stringify!($model));
    }};
}

/// Rows with missing cells and categories.
fn columns(rows: usize) -> Dataset<Classes<3>> {
    let number = |row: usize| if row.is_multiple_of(5) { f64::NAN } else { (row * 7 % 13) as f64 };
    let features = Features::with_missing((0..rows).map(|row| [number(row), (row % 2) as f64, (row / 2 % 3) as f64]))
        .and_then(|features| features.with_names(["number", "two", "three"]))
        .and_then(|features| features.with_categories(1, ["a", "b"]))
        .and_then(|features| features.with_categories(2, ["a", "b", "c"]));
    let labels = Classes::<3>::new((0..rows).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    features.and_then(|features| Dataset::from_features(features, labels)).expect("data")
}

// The only test of this file, so that nothing else allocates beside it.
#[test]
fn neither_steps_nor_workers_cost_memory() {
    let small = data(90);
    a_row_allocates_nothing!(Rows, &small);
    a_row_allocates_nothing!(Pictures, &small);
    a_row_allocates_nothing!(Sequences, &small);
    a_row_allocates_nothing!(Words, &small);
    a_row_allocates_nothing!(Columns, &columns(90));
    let adam = || Train::adam(1e-3);
    steps_allocate_nothing!(Model, adam(), &small);
    steps_allocate_nothing!(Model, Train::sgd(1e-3), &small);
    steps_allocate_nothing!(Model, Train::rmsprop(1e-3), &small);
    steps_allocate_nothing!(Model, Train::adamw_schedule_free(1e-3), &small);
    steps_allocate_nothing!(Images, adam(), &small);
    steps_allocate_nothing!(Sequences, adam(), &small);

    let weights: Vec<f64> = (0..90).map(f64::from).collect();
    let small = small.with_weights(weights.clone()).expect("weights");
    let weighted = || adam().sample_weights(true);
    steps_allocate_nothing!(Model, weighted().class_weight(ClassWeight::Balanced).label_smoothing(0.1), &small);
    steps_allocate_nothing!(Model, weighted().loss(Loss::Focal), &small);
    let flags = MultiLabel::new((0..90).map(|row| [row % 2 == 0, row % 3 == 0, row % 5 == 0])).expect("flags");
    let flags = Dataset::from_features(small.features().clone(), flags).and_then(|data| data.with_weights(weights));
    let flags = flags.expect("data");
    steps_allocate_nothing!(Model, adam(), &flags);
    steps_allocate_nothing!(Model, weighted().loss(Loss::Focal).pos_weight(PosWeight::Balanced), &flags);
    let values = Regression::new((0..90).map(|row| [row, row * 7 % 13, row * 5 % 11].map(f64::from))).expect("numbers");
    let values = Dataset::from_features(small.features().clone(), values).expect("data");
    for loss in [Loss::Mse, Loss::Mae, Loss::Huber, Loss::SmoothL1] {
        steps_allocate_nothing!(Model, adam().loss(loss), &values);
    }

    let (rows, columns) = (20_000, 200);
    let many = wide(rows, columns);
    let fold = rows / 2 * columns * size_of::<f32>();
    let parameters = 201 * 100 + 101 * 3;
    // Its tensors, the program's parameters, their gradients and Adam's two moments.
    let model = 5 * parameters * size_of::<f32>();
    // The widest value and its gradient in training, and in evaluation's larger batches the rows and each layer's
    // output.
    let batches = (16 * 100 * 4 + 512 * (200 + 100 * 3)) * size_of::<f32>();
    // The order of its rows, and the predictions that it scores.
    let order = rows * (size_of::<usize>() + 3 * size_of::<f64>());
    // Whether two workers reach their peaks at once is a matter of time: the bound has room for packed operands and the
    // like, and none for the rows of a fold.
    let bound = 2 * (model + batches + order);
    assert!(bound < fold, "{bound} bytes would hide a copy of {fold}");
    let more = peak!(Small, 2, &many).saturating_sub(peak!(Small, 1, &many));
    assert!(more < bound, "{more} bytes for a worker more, and {bound} are enough");

    let wide = wide(2100, 784);
    let model = (785 * 512 + 513 * 3) * size_of::<f32>();
    // Five times the model as above, a batch and packed operands: when an evaluation batch is scored, which takes three
    // models' memory here, what steps need is gone.
    let alone = peak!(Wide, 1, &wide);
    assert!(alone < 8 * model, "{alone} bytes for a worker, and {model} for a model");
}
