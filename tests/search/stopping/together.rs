//! Candidates that differ only in when their training ends are one training.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use dropgrid::{hook::FitInfo, prelude::*, record::Epochs};

use super::{noisy, recipe};
use crate::own_layer::own_layer;

/// Steps on a program.
#[searchable]
struct Mlp {
    hidden: (Linear<4, 16>, ReLU),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<16, 3>,
    #[train]
    #[grid(4, 9, 30)]
    epochs: usize,
    #[train]
    #[grid(1, 2, 5)]
    patience: usize,
}

/// The same with statistics that are kept beside the weights.
#[searchable]
struct Normed {
    hidden: (Linear<4, 16>, BatchNorm1D<16>, ReLU),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<16, 3>,
    #[train]
    #[grid(6, 20)]
    epochs: usize,
    #[train]
    #[grid(1, 3)]
    patience: usize,
    #[train]
    #[grid(0.0, 1e-2)]
    min_delta: f64,
}

/// Training passes.
static PASSES: AtomicUsize = AtomicUsize::new(0);

/// Counts training passes, and is unknown to programs.
#[derive(Debug, Clone, Copy, Default)]
struct Counting;

own_layer!(Counting, |_layer, input| train: {
    PASSES.fetch_add(1, Ordering::Relaxed);
    input
}, evaluate: input);

/// Changes nothing, and is unknown to programs.
#[derive(Debug, Clone, Copy, Default)]
struct Through;

own_layer!(Through, |_layer, input| train: input, evaluate: input);

/// Steps on the tape.
#[searchable]
struct Taped {
    hidden: (Linear<4, 16>, BatchNorm1D<16>, ReLU, Through),
    #[grid(0.3)]
    dropout: Dropout,
    output: Linear<16, 3>,
    #[train]
    #[grid(6, 20)]
    epochs: usize,
    #[train]
    #[grid(EarlyStopping::patience(1), EarlyStopping::patience(4).restore_best(false), EarlyStopping::default())]
    early_stopping: EarlyStopping,
}

/// Stops early only where it trains for long: the others watch nothing.
#[searchable]
struct Sometimes {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(3, 20)]
    epochs: usize,
    #[train]
    #[when(epochs > 5)]
    #[grid(1, 2)]
    patience: usize,
}

#[searchable]
struct Counted {
    counting: Counting,
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[grid(4, 9, 12)]
    epochs: usize,
    #[train]
    #[grid(100, 200)]
    patience: usize,
    #[train]
    #[grid(0.0, 1e-3)]
    min_delta: f64,
}

/// Asserts that each candidate of a search has the scores and epochs of a search of its own.
macro_rules! assert_as_alone {
    ($model:ident, $recipe:expr) => {{
        macro_rules! evaluated {
            ($strategy:expr) => {
                $model::search($strategy)
                    .cv(StratifiedKFold::new(3))
                    .scoring((LogLoss, Accuracy))
                    .train($recipe)
                    .train_scores(true)
                    .cross_validate(&noisy())
                    .expect("a report")
            };
        }
        let mut epochs = BTreeSet::new();
        for candidate in evaluated!(Grid).results().candidates() {
            let apart = evaluated!(Only(candidate.params().clone()));
            let alone = &apart.results().candidates()[0];
            for metric in 0..2 {
                assert_eq!(candidate.scores(metric), alone.scores(metric), "{}", candidate.params());
                assert_eq!(candidate.train_scores(metric), alone.train_scores(metric), "{}", candidate.params());
            }
            for (record, alone) in candidate.records().iter().zip(alone.records()) {
                assert_eq!(record.details, alone.details, "{}", candidate.params());
                epochs.extend(record.details.epochs.map(|Epochs { trained, scored, .. }| (trained, scored)));
            }
        }
        epochs
    }};
}

#[test]
fn a_grid_over_epochs_and_patience_has_the_bits_of_separate_trainings() {
    let epochs = assert_as_alone!(Mlp, recipe());
    // Some are cut by their epochs, some by their patience; the best epoch is some way back.
    assert!(epochs.iter().any(|(trained, _)| *trained == 4), "{epochs:?}");
    assert!(
        epochs.iter().any(|(trained, scored)| *trained > 4 && *trained < 30 && scored + 1 < *trained),
        "{epochs:?}"
    );
    assert!(epochs.len() > 5, "{epochs:?}");

    let last = assert_as_alone!(Mlp, recipe().early_stopping(EarlyStopping::default().restore_best(false)));
    assert!(last.iter().all(|(trained, scored)| trained == scored));
}

#[test]
fn with_plateaus_averages_metrics_and_on_the_tape_too() {
    let plateau = || ReduceOnPlateau { patience: 0, factor: 0.5, ..ReduceOnPlateau::default() }.into();
    assert_as_alone!(Normed, recipe());
    assert_as_alone!(Normed, recipe().schedule(plateau()).ema(0.9));
    let epochs = assert_as_alone!(Mlp, recipe().schedule(plateau()).ema(0.9).monitor(Accuracy));
    assert!(epochs.iter().any(|(trained, scored)| scored < trained), "{epochs:?}");
    assert_as_alone!(Taped, recipe());
    assert_as_alone!(Taped, recipe().schedule(plateau()).ema(0.9));
    // Spread over the epochs, a schedule is another training for each number of them.
    assert_as_alone!(Mlp, recipe().schedule(Schedule::cosine()));
}

#[test]
fn who_watches_nothing_trains_on_all_rows() {
    assert_as_alone!(Sometimes, recipe());
    let rows = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = Arc::clone(&rows);
    let look = move |fit: &FitInfo, _: &Epoch| {
        seen.lock().expect("no panic").insert((fit.epochs, fit.candidates.clone(), fit.rows));
    };
    let search = Sometimes::search(Grid).cv(StratifiedKFold::new(3)).train(recipe()).hook(look);
    let report = search.cross_validate(&noisy()).expect("a report");
    assert_eq!(*rows.lock().expect("no panic"), BTreeSet::from([(3, vec![0], 60), (20, vec![1, 2], 48)]));
    for candidate in report.results().candidates() {
        let ends_by_itself = candidate.params().patience.is_some();
        assert!(candidate.records().iter().all(|record| record.details.epochs.is_some() == ends_by_itself));
    }
}

#[test]
fn epochs_patience_and_min_delta_cost_one_training() {
    let report = Counted::search(Grid).cv(KFold::new(3)).train(Train::adam(1e-2).batch_size(9));
    let report = report.cross_validate(&noisy()).expect("a report");
    assert_eq!(report.results().candidates().len(), 12);
    // 12 epochs of 6 batches of the 54 rows that are not watched, on 3 folds: not once for each candidate.
    assert_eq!(PASSES.load(Ordering::Relaxed), 12 * 6 * 3);
}
