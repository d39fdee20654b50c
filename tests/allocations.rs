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

/// The same features as images.
#[searchable(input = Rank3<1, 2, 3>)]
struct Images {
    first: (Conv2D<1, 4, 2, 1, 1>, ReLU, MaxPool2D<2>),
    #[grid(0.25)]
    dropout: Dropout,
    body: Residual<(Conv2D<4, 4, 3, 1, 1, 1, 2>, Tanh)>,
    output: (AvgPool2D<2>, Flatten2D, Linear<8, 3>),
}

/// Asserts that more epochs of a model allocate no more.
macro_rules! steps_allocate_nothing {
    ($model:ident, $recipe:expr, $data:expr) => {{
        let recipe: Train = $recipe;
        let [_first, few, many] = [1, 2, 40].map(|epochs| {
            let before = ALLOCATIONS.load(Ordering::Relaxed);
            $model::search(Grid)
                .cv(KFold::new(2))
                .train(recipe.clone().epochs(epochs).batch_size(16))
                .workers(1)
                .progress(false)
                .fit($data)
                .expect("a report");
            ALLOCATIONS.load(Ordering::Relaxed) - before
        });
        // 38 epochs of three fits are 342 steps more. Threads that wait for one another allocate now and then.
        assert!(many.saturating_sub(few) < 20, "{recipe:?}: {few} allocations for 2 epochs, {many} for 40");
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

/// Few parameters and a wide value: batches are most of what it takes.
#[searchable]
struct Large {
    hidden: (Linear<6, 1000>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    output: Linear<1000, 3>,
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

// The only test of this file, so that nothing else allocates beside it.
#[test]
fn neither_steps_nor_workers_cost_memory() {
    let small = data(90);
    let adam = || Train::adam(1e-3);
    steps_allocate_nothing!(Model, adam(), &small);
    steps_allocate_nothing!(Model, Train::sgd(1e-3), &small);
    steps_allocate_nothing!(Model, Train::rmsprop(1e-3), &small);
    steps_allocate_nothing!(Images, adam(), &small);

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

    let large = data(20_000);
    let parameters = 6 * 1000 + 1000 + 1000 * 3 + 3;
    // Its tensors, the program's parameters, their gradients and Adam's two moments.
    let model = 5 * parameters * size_of::<f32>();
    // The widest value and its gradient in training, and in evaluation's larger batches the output of each layer.
    let batches = 16 * 1000 * 4 * size_of::<f32>() + 512 * 1000 * 3 * size_of::<f32>();
    // The order of its rows, and the predictions that it scores.
    let rows = 20_000 * (size_of::<usize>() + 3 * size_of::<f64>());
    let more = peak!(Large, 2, &large).saturating_sub(peak!(Large, 1, &large));
    assert!(more < model + batches + rows, "{more} bytes for a worker more");

    let rows = 2100;
    let features = Features::from_flat((0..rows * 784).map(|at| (at % 251) as f32 / 251.0).collect(), 784);
    let labels = Classes::<3>::new((0..rows).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    let wide = Dataset::from_features(features.expect("numbers"), labels).expect("data");
    let model = (785 * 512 + 513 * 3) * size_of::<f32>();
    // Five times the model as above, a batch and packed operands: when an evaluation batch is scored, which takes three
    // models' memory here, what steps need is gone.
    let alone = peak!(Wide, 1, &wide);
    assert!(alone < 8 * model, "{alone} bytes for a worker, and {model} for a model");
}
