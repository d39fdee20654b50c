//! The settings of the training recipe, as a search trains by them.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use dropgrid::prelude::*;

use crate::{corners, own_layer::own_layer};

/// Every name of a setting.
#[searchable]
#[allow(dead_code)]
struct Every {
    output: Linear<4, 3>,
    #[train]
    #[fixed(0.5)]
    lr: f64,
    #[train]
    #[fixed(Schedule::cosine().warm_up(2))]
    schedule: Schedule,
    #[train]
    #[fixed(7)]
    epochs: usize,
    #[train]
    #[fixed(5)]
    batch_size: usize,
    #[train]
    #[fixed(true)]
    drop_last: bool,
    #[train]
    #[fixed(false)]
    shuffle: bool,
    #[train]
    #[fixed(Optimizer::rmsprop())]
    optimizer: Optimizer,
    #[train]
    #[fixed(0.8)]
    momentum: f64,
    #[train]
    #[fixed(true)]
    nesterov: bool,
    #[train]
    #[fixed(0.1)]
    dampening: f64,
    #[train]
    #[fixed(0.02)]
    weight_decay: f64,
    #[train]
    #[fixed(0.7)]
    beta1: f64,
    #[train]
    #[fixed(0.6)]
    beta2: f64,
    #[train]
    #[fixed(true)]
    amsgrad: bool,
    #[train]
    #[fixed(0.9)]
    alpha: f64,
    #[train]
    #[fixed(true)]
    centered: bool,
    #[train]
    #[fixed(0.01)]
    momentum_decay: f64,
    #[train]
    #[fixed(0.1)]
    lr_decay: f64,
    #[train]
    #[fixed(0.5)]
    initial_accumulator_value: f64,
    #[train]
    #[fixed(true)]
    decoupled_weight_decay: bool,
    #[train]
    #[fixed(1e-4)]
    eps: f64,
    #[train]
    #[fixed(1.5)]
    clip_norm: f64,
    #[train]
    #[fixed(0.25)]
    clip_value: f64,
    #[train]
    #[fixed(4)]
    accumulate: usize,
    #[train]
    #[fixed(0.99)]
    ema: f64,
}

#[test]
fn every_setting_is_a_training_field() {
    let params = Every::space().nth(0).expect("the only candidate");
    let wanted = Train::rmsprop(0.5)
        .schedule(Schedule::cosine().warm_up(2))
        .epochs(7)
        .batch_size(5)
        .drop_last(true)
        .shuffle(false)
        .momentum(0.8)
        .nesterov(true)
        .dampening(0.1)
        .weight_decay(0.02)
        .beta1(0.7)
        .beta2(0.6)
        .amsgrad(true)
        .alpha(0.9)
        .centered(true)
        .momentum_decay(0.01)
        .lr_decay(0.1)
        .initial_accumulator_value(0.5)
        .decoupled_weight_decay(true)
        .eps(1e-4)
        .clip_norm(1.5)
        .clip_value(0.25)
        .accumulate(4)
        .ema(0.99);
    assert_eq!(<Every as Model>::recipe(&params, Train::default()), wanted);
    let rust = dropgrid::space::Params::to_rust(&params);
    assert!(rust.contains("    schedule: Schedule::cosine().warm_up(2),\n"), "{rust}");
}

/// Training passes of [`Counting`], and the first number of each row that it has seen.
static PASSES: AtomicUsize = AtomicUsize::new(0);
static SEEN: Mutex<Vec<f32>> = Mutex::new(Vec::new());

#[derive(Debug, Clone, Copy, Default)]
struct Counting;

own_layer!(Counting, |_layer, input| train: {
    PASSES.fetch_add(1, Ordering::Relaxed);
    SEEN.lock().expect("no panic").extend(input.as_vec().chunks(4).map(|row| row[0]));
    input
}, evaluate: input);

#[searchable]
struct Counted {
    counting: Counting,
    output: Linear<4, 3>,
    #[train]
    #[grid(Schedule::cosine(), Schedule::step(3, 0.5), Schedule::one_cycle().warm_up(1))]
    schedule: Schedule,
    #[train]
    #[grid(2, 5)]
    epochs: usize,
}

/// Trains one candidate on rows 0 to 20 and gives its passes and the first numbers of the rows in their order.
fn seen(recipe: Train) -> (usize, Vec<f32>) {
    let rows: Vec<[f32; 4]> = (0..21).map(|row| [row as f32, 1.0, 2.0, 3.0]).collect();
    let labels = Classes::<3>::new((0..21).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    let data = Dataset::new(&rows, labels).expect("data");
    let before = PASSES.load(Ordering::Relaxed);
    SEEN.lock().expect("no panic").clear();
    let search = Counted::search(Only(CountedParams { schedule: Schedule::constant(), epochs: 2 }));
    let split = SplitList::new([((0..21).collect::<Vec<_>>(), vec![0])]);
    search.cv(split).train(recipe.batch_size(8)).workers(1).progress(false).cross_validate(&data).expect("a report");
    (PASSES.load(Ordering::Relaxed) - before, SEEN.lock().expect("no panic").clone())
}

/// One test, since passes are counted for the whole process.
#[test]
fn epochs_have_the_batches_and_the_order_that_they_should() {
    let sorted = |mut rows: Vec<f32>| {
        rows.sort_by(f32::total_cmp);
        rows
    };
    let all: Vec<f32> = (0..21).map(|row| row as f32).collect();
    let (passes, rows) = seen(Train::sgd(0.01));
    assert_eq!((passes, rows.len()), (2 * 3, 2 * 21));
    assert_ne!(rows[..21], rows[21..], "each epoch has an order of its own");
    assert_eq!((sorted(rows[..21].to_vec()), sorted(rows[21..].to_vec())), (all.clone(), all.clone()));
    let (passes, dropped) = seen(Train::sgd(0.01).drop_last(true));
    assert_eq!(passes, 2 * 2);
    assert_eq!((&dropped[..16], &dropped[16..]), (&rows[..16], &rows[21..37]), "what is dropped differs by epoch");
    let (_, rows) = seen(Train::sgd(0.01).shuffle(false));
    assert_eq!(rows, [all.clone(), all].concat());

    // A grid over epochs costs its longest run under the step schedule alone: cosines over 2 and over 5 epochs are two
    // trainings.
    let before = PASSES.load(Ordering::Relaxed);
    let data = corners::corners(60, 1.0);
    Counted::search(Grid)
        .cv(KFold::new(2))
        .train(Train::sgd(0.1).batch_size(10))
        .cross_validate(&data)
        .expect("a report");
    assert_eq!(PASSES.load(Ordering::Relaxed) - before, 2 * 3 * ((2 + 5) + 5 + (2 + 5)));
}

/// On dropgrid's own step.
#[searchable]
struct Own {
    hidden: (Linear<4, 8>, ReLU),
    #[fixed(0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(Schedule::cosine(), Schedule::exponential(0.8), Schedule::constant().warm_up(3))]
    schedule: Schedule,
    #[train]
    #[grid(2, 3, 5)]
    epochs: usize,
}

/// On dfdx's tape.
#[searchable]
struct Tape {
    hidden: (Linear<4, 8>, Sin),
    norm: BatchNorm1D<8>,
    output: Linear<8, 3>,
    #[train]
    #[grid(Schedule::cosine(), Schedule::exponential(0.8), Schedule::constant().warm_up(3))]
    schedule: Schedule,
    #[train]
    #[grid(2, 3, 5)]
    epochs: usize,
}

/// Candidates of one training have the bits of trainings apart; the average of the weights is looked at on the way, and
/// training goes on with the weights.
macro_rules! as_apart {
    ($model:ident) => {{
        let data = corners::corners(90, 1.0);
        let recipe = || Train::adam(0.02).batch_size(16).ema(0.8).accumulate(2).clip_norm(0.5);
        let together = $model::search(Grid).cv(KFold::new(2)).scoring(LogLoss).train(recipe());
        let together = together.cross_validate(&data).expect("a report");
        assert_eq!(together.results().candidates().len(), 9);
        for candidate in together.results().candidates() {
            let apart = $model::search(Only(candidate.params().clone())).cv(KFold::new(2)).scoring(LogLoss);
            let apart = apart.train(recipe()).cross_validate(&data).expect("a report");
            assert_eq!(candidate.scores(0), apart.results().candidates()[0].scores(0), "{}", candidate.params());
        }
    }};
}

#[test]
fn averages_and_schedules_have_the_bits_of_separate_trainings() {
    as_apart!(Own);
    as_apart!(Tape);
}

/// The log loss of a model of which no layer drops.
fn loss(recipe: Train) -> f64 {
    #[searchable]
    struct Plain {
        hidden: (Linear<4, 8>, Tanh),
        output: Linear<8, 3>,
    }
    let data = corners::corners(100, 1.0);
    let search = Plain::search(Grid).cv(KFold::new(2)).scoring(LogLoss).train(recipe.epochs(10).shuffle(false));
    search.cross_validate(&data).expect("a report").best_score()
}

#[test]
fn accumulated_batches_are_a_batch_of_their_size() {
    for recipe in [Train::sgd(0.5).momentum(0.9), Train::adamw(0.05), Train::sgd(0.5).clip_norm(0.1)] {
        // Fifty rows are 4 and 3 batches of 8, the last one of 2 rows: steps of 32 and of 18 rows.
        let (few, many) = (loss(recipe.clone().batch_size(32)), loss(recipe.clone().batch_size(8).accumulate(4)));
        // Twenty steps, whose sums are taken in another order, in single precision.
        assert!((few - many).abs() < 1e-5, "{few} {many}");
        assert!((few - loss(recipe.batch_size(8))).abs() > 1e-4, "batches of 8 are another training");
    }
}
