//! What is watched, what is scored, and how long the winner is trained.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use dropgrid::{
    Error, SplitError,
    hook::FitInfo,
    prelude::*,
    report::Candidate,
    seed::Seed,
    split::{Rows, Splitter},
};

use super::{noisy, recipe};
use crate::corners;

#[searchable]
struct Plain {
    hidden: (Linear<4, 16>, ReLU),
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<16, 3>,
}

/// The mean over three folds of the epochs after which they were scored, rounded.
fn mean_epochs(candidate: &Candidate<PlainParams>) -> usize {
    let epochs = candidate.records().iter().filter_map(|record| record.details.epochs);
    (2 * epochs.map(|epochs| epochs.scored as usize).sum::<usize>() + 3) / 6
}

#[test]
fn the_report_tells_the_epochs_and_the_winner_is_trained_for_their_mean() {
    let fits = Arc::new(Mutex::new(Vec::new()));
    let search = |refit| {
        let seen = Arc::clone(&fits);
        seen.lock().expect("no panic").clear();
        let look = move |fit: &FitInfo, epoch: &Epoch| {
            if fit.fold.is_none() {
                let watches = epoch.monitored.is_some();
                seen.lock().expect("no panic").push((fit.rows, fit.epochs, epoch.number, watches));
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
    assert_eq!(last, Some((90, mean_epochs(best), mean_epochs(best), false)), "all rows, none watched");
    assert!(report.to_string().contains("epochs"), "{report}");
    assert!(report.results().to_csv().starts_with("mean_fit_time"));
    let csv = report.results().to_csv();
    let header = csv.lines().next().expect("a header");
    assert!(header.ends_with("split0_epochs,split1_epochs,split2_epochs,mean_epochs,mean_trained_epochs"), "{header}");
    assert!(report.results().to_markdown().contains(&format!("{mean:.1}")));

    search(RefitEpochs::StopAgain);
    let last = fits.lock().expect("no panic").last().copied();
    assert!(matches!(last, Some((72, 300, 2..300, true))), "{last:?}: a fifth of the rows is watched");

    // As before where nothing ends by itself.
    let plain = Plain::search(Grid).cross_validate(&noisy()).expect("a report");
    assert!(!plain.to_string().contains("epochs") && !plain.results().to_csv().contains("epochs"));
}

#[test]
fn the_winner_is_what_training_it_for_so_long_gives() {
    let search = || Plain::search(Grid).cv(StratifiedKFold::new(3)).scoring(LogLoss);
    let stopped = search().train(recipe().epochs(300).patience(4)).fit(&noisy()).expect("a report");
    let plain = search().train(recipe().epochs(mean_epochs(stopped.best()))).fit(&noisy()).expect("a report");
    let [a, b] = [&stopped, &plain].map(|report| report.fitted().predict_proba(noisy().features()).expect("rows"));
    assert_eq!(a, b);
}

#[test]
fn scored_rows_do_not_decide_when_a_training_ends() {
    let data = noisy();
    let folds = || StratifiedKFold::new(3);
    let epochs = |data: &Dataset<Classes<3>>| {
        let report = Plain::search(Grid).cv(folds()).train(recipe().epochs(40).patience(2));
        report.cross_validate(data).expect("a report").best().epochs()
    };
    // The rows that fold 0 scores, with other features.
    let split = &folds().split(Rows::new(90).with_strata(data.targets().labels()), Seed(0)).expect("folds").splits[0];
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
    let search = || Plain::search(Grid).cv(KFold::new(3)).train(recipe().patience(2).monitor(R2));
    let error = search().cross_validate(&noisy()).expect_err("another kind");
    assert_eq!(error.to_string(), "the recipe monitors r2, a metric of values, but the targets are class labels");
    let tiny = corners::corners(3, 1.0);
    let error = Plain::search(Grid).cv(KFold::new(3)).train(recipe().patience(2)).cross_validate(&tiny);
    assert!(error.is_ok(), "two rows to train on: one is watched");
    let tiny = corners::corners(2, 1.0);
    let error =
        Plain::search(Grid).cv(KFold::new(2)).train(recipe().patience(2)).cross_validate(&tiny).expect_err("one row");
    assert!(matches!(error, Error::Split(SplitError::NoValidationRows { fold: 0, of: 1, units: "rows" })), "{error}");
}

#[test]
fn out_of_fold_predictions_stop_as_the_search_does() {
    let params = Plain::space().nth(0).expect("a candidate");
    let search =
        || Plain::search(Only(params.clone())).cv(StratifiedKFold::new(3)).train(recipe().epochs(40).patience(2));
    let report = search().scoring(LogLoss).cross_validate(&noisy()).expect("a report");
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

#[test]
fn a_plateau_lowers_the_learning_rate_of_the_steps() {
    let epochs = |schedule: Schedule| {
        let log = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&log);
        let look = move |fit: &FitInfo, epoch: &Epoch| {
            if fit.fold == Some(0) {
                seen.lock().expect("no panic").push((epoch.lr, epoch.monitored, epoch.train_loss));
            }
        };
        let search = Plain::search(Grid).cv(KFold::new(3)).train(recipe().epochs(30).schedule(schedule)).hook(look);
        search.cross_validate(&noisy()).expect("a report");
        log.lock().expect("no panic").clone()
    };
    let fall = ReduceOnPlateau { patience: 1, factor: 0.5, ..ReduceOnPlateau::default() };
    let falling = epochs(fall.into());
    // The rule by hand: more than one epoch in a row that is not better by a ten-thousandth.
    let (mut lr, mut best, mut bad) = (2e-2, f64::INFINITY, 0);
    for (given, watched, _) in &falling {
        assert_eq!(*given, lr);
        let watched = watched.expect("the loss");
        (best, bad) = if watched < best * (1.0 - 1e-4) { (watched, 0) } else { (best, bad + 1) };
        if bad > 1 {
            (lr, bad) = (lr * 0.5, 0);
        }
    }
    assert!(lr < 2e-2, "it fell");
    // A rate that never falls trains the same rows, and the same until the first fall.
    let fall = falling.iter().position(|(lr, _, _)| *lr < 2e-2).expect("a fall");
    let steady = epochs(ReduceOnPlateau { patience: 99, ..ReduceOnPlateau::default() }.into());
    assert_eq!(falling[..fall], steady[..fall]);
    assert_ne!(falling[fall].1, steady[fall].1);
}
