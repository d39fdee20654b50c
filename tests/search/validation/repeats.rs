//! A cross-validation whose trainings are repeated with other draws.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use dropgrid::{
    Error, SplitError,
    data::Values,
    hook::FitInfo,
    metric::{Direction, Needs, Scored},
    prelude::*,
    report::Results,
    study::{Study, StudyFile},
};

use super::{Mlp, corners, one, recipe};

fn search() -> dropgrid::search::Search<Mlp, Grid> {
    Mlp::search(Grid).cv(StratifiedKFold::new(3).shuffle()).train(recipe().epochs(3)).seed(4).progress(false)
}

#[test]
fn the_first_repeat_is_the_search_without_repeats_and_others_have_other_draws() {
    let (once, thrice) = (search().cross_validate(&corners()), search().repeats(3).cross_validate(&corners()));
    let (once, thrice) = (once.expect("a report"), thrice.expect("a report"));
    assert_eq!((thrice.results().folds(), thrice.results().repeats(), once.results().repeats()), (9, 3, 1));
    let repeats: Vec<u32> = thrice.results().fold_infos().iter().map(|fold| fold.repeat).collect();
    assert_eq!(repeats, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
    for (one, all) in once.results().candidates().iter().zip(thrice.results().candidates()) {
        let (one, all) = (one.scores(0), all.scores(0));
        assert_eq!(one, all[..3]);
    }
    let differ = thrice.results().candidates().iter().filter(|it| it.scores(0)[..3] != it.scores(0)[3..6]).count();
    assert!(differ > 0, "every repeat scores the same");
    let line = thrice.to_string().lines().rev().nth(1).map(str::to_owned).expect("a line before the best");
    let candidates = thrice.results().candidates().len();
    assert!(
        line.starts_with(&format!("{candidates} candidates x 3 folds x 3 repeats = {} fits", 9 * candidates)),
        "{line}"
    );
}

/// Against the definitions, in plain arithmetic: the variance of all scores is that of the folds' means and the mean
/// one within the folds.
#[test]
fn the_spread_of_seeds_is_told_from_that_of_folds() {
    let report = search().scoring(LogLoss).repeats(4).cross_validate(&corners()).expect("a report");
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    let variance = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64)
    };
    for candidate in report.results().candidates() {
        let scores = candidate.scores(0);
        let of_fold = |fold: usize| variance(&scores.iter().copied().skip(fold).step_by(3).collect::<Vec<f64>>());
        let folds: Vec<(f64, f64)> = (0..3).map(of_fold).collect();
        let between = variance(&folds.iter().map(|fold| fold.0).collect::<Vec<f64>>()).1;
        let within = folds.iter().map(|fold| fold.1).sum::<f64>() / 3.0;
        assert!(between > 0.0 && within > 0.0);
        close(candidate.fold_std(0), between.sqrt());
        close(candidate.seed_std(0), within.sqrt());
        close(candidate.std(0).powi(2), between + within);
    }
    let names: Vec<String> = report.results().columns().into_iter().map(|(name, _)| name).collect();
    let at = names.iter().position(|name| name == "std_test_log_loss").expect("a column");
    assert_eq!(names[at + 1..at + 4], ["std_fold_test_log_loss", "std_seed_test_log_loss", "rank_test_log_loss"]);
    assert!(report.to_string().contains("seed std"), "{report}");

    let once = search().scoring(LogLoss).cross_validate(&corners()).expect("a report");
    for candidate in once.results().candidates() {
        assert_eq!((candidate.fold_std(0), candidate.seed_std(0)), (candidate.std(0), 0.0));
    }
}

/// A test of nine numbers of three folds would take repeats for new rows.
#[test]
fn candidates_are_compared_by_the_means_of_the_folds() {
    let report = search().scoring(LogLoss).repeats(3).cross_validate(&corners()).expect("a report");
    let results = report.results();
    let comparison = results.compare(0, 1, 0).expect("finite scores");
    assert_eq!(comparison.degrees_of_freedom, 2);
    let mean = |at: usize| results.candidates()[at].mean(0);
    assert!((comparison.difference - (mean(0) - mean(1))).abs() < 1e-12);
}

#[searchable]
struct Line {
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<1, 1>,
}

/// Every row has a number of its own as its target, so that the sum of the squares tells which rows are watched.
#[test]
fn every_repeat_watches_the_same_rows() {
    let rows = (0..60).map(|row| [row as f32 / 60.0]);
    let data = Dataset::new(rows, Regression::of((0..60).map(f64::from)).expect("targets")).expect("data");
    let squares = CustomMetric::new("squares", Direction::Minimize, Needs::Values, |scored: &Scored<'_, Values>| {
        Ok(scored.truth().iter().map(|truth| truth * truth).sum())
    });
    let seen = Arc::new(Mutex::new(BTreeMap::new()));
    let log = Arc::clone(&seen);
    let hook = move |fit: &FitInfo, epoch: &Epoch| {
        let watched = epoch.monitored.expect("rows are watched");
        log.lock().expect("a log").insert(fit.fold.expect("a fold"), (epoch.train_loss.to_bits(), watched.to_bits()));
    };
    let recipe = Train::adam(1e-2).epochs(2).monitor(squares).early_stopping(EarlyStopping::patience(9));
    let search = Line::search(Grid).cv(KFold::new(3).shuffle()).train(recipe).hook(hook).repeats(2).progress(false);
    search.cross_validate(&data).expect("a report");
    let seen = seen.lock().expect("a log").clone();
    assert_eq!(seen.len(), 6);
    for fold in 0..3 {
        assert_eq!(seen[&fold].1, seen[&(fold + 3)].1, "the rows that are watched");
        assert_ne!(seen[&fold].0, seen[&(fold + 3)].0, "the initial weights");
    }
    assert_ne!(seen[&0].1, seen[&1].1, "each fold draws by itself");
}

#[test]
fn a_study_is_extended_by_repeats() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("repeats.study");
    search().study(&path).cross_validate(&corners()).expect("a report");
    let refused = search().repeats(2).study(&path).cross_validate(&corners()).expect_err("other folds");
    assert!(refused.to_string().contains("folds was 3, is 6"), "{refused}");
    let fits = Arc::new(Mutex::new(0));
    let count = Arc::clone(&fits);
    let hook = move |fit: &FitInfo, epoch: &Epoch| {
        assert!(fit.fold.is_some_and(|fold| fold >= 3), "a fit of the first repeat ran again");
        *count.lock().expect("a count") += usize::from(epoch.number == 1);
    };
    let extended = search().repeats(2).hook(hook).study(Study::at(&path).extend()).cross_validate(&corners());
    let extended = extended.expect("a report");
    assert!(*fits.lock().expect("a count") > 0);
    assert_eq!(extended.digest(), search().repeats(2).cross_validate(&corners()).expect("a report").digest());
    let read = Results::of_study(&StudyFile::open(&path).expect("a study"));
    assert_eq!(read.repeats(), 2);
    let seeds = |results: &[f64]| results.iter().filter(|&&seed| seed > 0.0).count();
    assert!(seeds(&read.candidates().iter().map(|candidate| candidate.seed_std(0)).collect::<Vec<f64>>()) > 0);
}

#[test]
fn no_repeats_are_refused_and_out_of_fold_predictions_need_one() {
    let refused = search().repeats(0).cross_validate(&corners()).expect_err("no fits");
    assert!(matches!(refused, Error::Setting { setting: "repeats", .. }), "{refused}");
    let endless = search().repeats(usize::MAX).cross_validate(&corners()).expect_err("no memory holds the folds");
    assert!(matches!(endless, Error::Split(SplitError::TooManySplits { rows: 90, .. })), "{endless}");
    let twice = Mlp::search(Only(one())).repeats(2).cross_val_predict(&corners()).unwrap_err();
    assert!(twice.to_string().contains("scored twice"), "{twice}");
}
