//! Trainings that end by themselves: what is watched, what is scored, how long the winner is trained, and that
//! candidates which differ in nothing else are one training with the bits of separate ones.

#[path = "support/corners.rs"]
mod corners;
#[path = "support/own_layer.rs"]
mod own_layer;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use dropgrid::{Error, SplitError, prelude::*, record::Epochs};

use own_layer::own_layer;

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

/// Steps on the tape, with statistics that are kept beside the weights.
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

#[searchable]
struct Plain {
    hidden: (Linear<4, 16>, ReLU),
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<16, 3>,
}

/// Stops early only where it is told to: candidates without patience train on more rows.
#[searchable]
struct Sometimes {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(false, true)]
    #[param]
    stops: bool,
    #[set(p = if stops { 0.0 } else { 0.0 })]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[when(stops)]
    #[grid(1, 2)]
    patience: usize,
}

/// Starts of trainings, seen as networks that are built.
static PASSES: AtomicUsize = AtomicUsize::new(0);

/// Counts training passes.
#[derive(Debug, Clone, Copy, Default)]
struct Counting;

own_layer!(Counting, |_layer, input| train: {
    PASSES.fetch_add(1, Ordering::Relaxed);
    input
}, evaluate: input);

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

/// Classes that overlap, some rows of them in the wrong one, so that a network gets worse again.
fn noisy() -> Dataset<Classes<3>> {
    let data = corners::corners(90, 0.4);
    let wrong = |row: usize| row * 7919 % 11 < 3;
    let labels = Classes::new((0..90).map(|row| if wrong(row) { (row + 1) % 3 } else { row % 3 }).collect::<Vec<_>>());
    Dataset::from_features(data.features().clone(), labels.expect("labels")).expect("data")
}

fn recipe() -> Train {
    Train::adam(2e-2).batch_size(16).stop_share(0.2)
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
                    .evaluate(&noisy())
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
                epochs.extend(record.details.epochs.map(|Epochs { trained, scored }| (trained, scored)));
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
fn on_the_tape_and_with_plateaus_averages_and_metrics_too() {
    assert_as_alone!(Normed, recipe());
    let plateau = ReduceOnPlateau { patience: 0, factor: 0.5, ..ReduceOnPlateau::default() };
    assert_as_alone!(Normed, recipe().schedule(plateau.into()).ema(0.9));
    let epochs = assert_as_alone!(Mlp, recipe().schedule(plateau.into()).ema(0.9).watch(Accuracy));
    assert!(epochs.iter().any(|(trained, scored)| scored < trained), "{epochs:?}");
    // Spread over the epochs, a schedule is another training for each number of them.
    assert_as_alone!(Mlp, recipe().schedule(Schedule::cosine()));
}

#[test]
fn who_watches_nothing_trains_on_all_rows() {
    let search = |strategy| Sometimes::search(strategy).cv(KFold::new(3)).scoring(LogLoss).train(recipe().epochs(6));
    let together = search(Grid).evaluate(&noisy()).expect("a report");
    let candidates = together.results().candidates();
    assert_eq!(candidates.len(), 3);
    for candidate in candidates {
        let apart = Sometimes::search(Only(candidate.params().clone())).cv(KFold::new(3)).scoring(LogLoss);
        let apart = apart.train(recipe().epochs(6)).evaluate(&noisy()).expect("a report");
        assert_eq!(candidate.scores(0), apart.results().candidates()[0].scores(0), "{}", candidate.params());
        assert_eq!(candidate.params().stops, candidate.records()[0].details.epochs.is_some());
    }
    let rows = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = Arc::clone(&rows);
    let look = move |fit: &FitInfo, _: &Epoch| {
        seen.lock().expect("no panic").insert((fit.params.iter().any(|(_, value)| *value == true), fit.rows));
    };
    search(Grid).hook(look).evaluate(&noisy()).expect("a report");
    assert_eq!(*rows.lock().expect("no panic"), BTreeSet::from([(false, 60), (true, 48)]));
}

#[test]
fn epochs_patience_and_min_delta_cost_one_training() {
    let report = Counted::search(Grid).cv(KFold::new(3)).train(Train::adam(1e-2).batch_size(9));
    let report = report.evaluate(&noisy()).expect("a report");
    assert_eq!(report.results().candidates().len(), 12);
    // 12 epochs of 6 batches of the 54 rows that are not watched, on 3 folds: not once for each candidate.
    assert_eq!(PASSES.load(Ordering::Relaxed), 12 * 6 * 3);
}

#[test]
fn the_report_tells_the_epochs_and_the_winner_is_trained_for_their_mean() {
    let fits = Arc::new(Mutex::new(Vec::new()));
    let search = |refit| {
        let seen = Arc::clone(&fits);
        seen.lock().expect("no panic").clear();
        let look = move |fit: &FitInfo, epoch: &Epoch| {
            if fit.fold.is_none() {
                seen.lock().expect("no panic").push((fit.rows, epoch.number, epoch.watched.is_some()));
            }
        };
        let search =
            Plain::search(Grid).cv(StratifiedKFold::new(3)).scoring(LogLoss).train(recipe().epochs(300).patience(4));
        search.hook(look).refit_epochs(refit).fit(&noisy()).expect("a report")
    };
    let report = search(RefitEpochs::default());
    let best = report.best();
    let (scored, trained) = (best.epochs(), best.trained_epochs());
    assert!(scored.iter().zip(&trained).all(|(scored, trained)| scored + 4.0 == *trained), "{scored:?} {trained:?}");
    let mean = best.epochs().iter().sum::<f64>() / 3.0;
    let last = fits.lock().expect("no panic").last().copied();
    assert_eq!(last, Some((90, mean.round() as usize, false)), "all rows, none watched");
    assert!(report.to_string().contains("epochs"), "{report}");
    assert!(report.results().to_csv().starts_with("mean_fit_time"));
    let csv = report.results().to_csv();
    let header = csv.lines().next().expect("a header");
    assert!(header.ends_with("split0_epochs,split1_epochs,split2_epochs,mean_epochs,mean_trained_epochs"), "{header}");
    assert!(report.results().to_markdown().contains(&format!("{mean:.1}")));

    search(RefitEpochs::StopAgain);
    let last = fits.lock().expect("no panic").last().copied();
    assert!(matches!(last, Some((72, 2..300, true))), "{last:?}: a fifth of the rows is watched");

    // As before where nothing ends by itself.
    let plain = Plain::search(Grid).evaluate(&noisy()).expect("a report");
    assert!(!plain.to_string().contains("epochs") && !plain.results().to_csv().contains("epochs"));
}

#[test]
fn the_winner_is_what_training_it_for_so_long_gives() {
    let search = || Plain::search(Grid).cv(StratifiedKFold::new(3)).scoring(LogLoss);
    let stopped = search().train(recipe().epochs(300).patience(4)).fit(&noisy()).expect("a report");
    let mean = stopped.best().epochs().iter().sum::<f64>() / 3.0;
    let plain = search().train(recipe().epochs(mean.round() as usize)).fit(&noisy()).expect("a report");
    let [a, b] = [&stopped, &plain].map(|report| report.fitted().predict_proba(noisy().features()).expect("rows"));
    assert_eq!(a, b);
}

#[test]
fn scored_rows_do_not_decide_when_a_training_ends() {
    let data = noisy();
    let folds = || StratifiedKFold::new(3);
    let epochs = |data: &Dataset<Classes<3>>| {
        let report = Plain::search(Grid).cv(folds()).train(recipe().epochs(40).patience(2));
        report.evaluate(data).expect("a report").best().epochs()
    };
    // The rows that fold 0 scores, with other features.
    let split = &dropgrid::split::Splitter::split(
        &folds(),
        dropgrid::split::Rows::new(90).with_strata(data.targets().labels()),
        dropgrid::seed::Seed(0),
    )
    .expect("folds")
    .splits[0];
    let scored: BTreeSet<usize> = split.test.iter().collect();
    let rows: Vec<Vec<f32>> = (0..90)
        .map(|row| {
            let features = data.features().row(row).iter();
            features.map(|value| if scored.contains(&row) { 5.0 - value } else { *value }).collect()
        })
        .collect();
    let changed = Dataset::new(&rows, data.targets().clone()).expect("data");
    let (before, after) = (epochs(&data), epochs(&changed));
    assert_eq!(before[0], after[0], "fold 0 has never seen them");
    assert_ne!(before[1..], after[1..], "the others train on them");
}

#[test]
fn what_cannot_be_watched_is_an_error_before_training() {
    let search = || Plain::search(Grid).cv(KFold::new(3)).train(recipe().patience(2).watch(R2));
    let error = search().evaluate(&noisy()).expect_err("another kind");
    assert_eq!(error.to_string(), "the recipe watches r2, a metric of values, but the targets are class labels");
    let tiny = corners::corners(3, 1.0);
    let error = Plain::search(Grid).cv(KFold::new(3)).train(recipe().patience(2)).evaluate(&tiny);
    assert!(error.is_ok(), "two rows to train on: one is watched");
    let tiny = corners::corners(2, 1.0);
    let error = Plain::search(Grid).cv(KFold::new(2)).train(recipe().patience(2)).evaluate(&tiny).expect_err("one row");
    assert!(matches!(error, Error::Split(SplitError::NothingToWatch { fold: 0, of: 1, units: "rows" })), "{error}");
}

#[test]
fn out_of_fold_predictions_stop_as_the_search_does() {
    let params = Plain::space().nth(0).expect("a candidate");
    let search =
        || Plain::search(Only(params.clone())).cv(StratifiedKFold::new(3)).train(recipe().epochs(40).patience(2));
    let report = search().scoring(LogLoss).evaluate(&noisy()).expect("a report");
    let oof = search().cross_val_predict(&noisy()).expect("predictions");
    let data = noisy();
    for (fold, score) in report.best().scores(0).into_iter().enumerate() {
        let rows: Vec<usize> = (0..90).filter(|&row| oof.folds()[row] == fold).collect();
        let probabilities = oof.predictions().probabilities();
        let losses: Vec<f64> = rows.iter().map(|&row| -probabilities[row][data.targets().labels()[row]].ln()).collect();
        // The same terms in another order of summation.
        assert!((losses.iter().sum::<f64>() / losses.len() as f64 - score).abs() < 1e-12);
    }
}
