//! Pruning by monitored values: the contract, what is pruned in real searches, and how the report has it.

use std::sync::Mutex;

use dropgrid::{hook::Hook, metric::Direction, strategy::PatientPruner};

use super::{contract::score, *};
use crate::corners::corners;

fn median() -> MedianPruner {
    MedianPruner::new().n_startup_trials(2)
}

#[test]
fn pruning_keeps_the_contract() {
    use dropgrid::testing::check_strategy;

    let space = small();
    check_strategy(&Pruning::new(Grid, median().interval_steps(6)).lag(1), &space, score);
    check_strategy(&Pruning::new(Grid, median().n_warmup_steps(4).interval_steps(9)).lag(0), &space, score);
    let percentile = PercentilePruner::new(30.0).n_startup_trials(1).interval_steps(9);
    check_strategy(&Pruning::new(Random::new(9), percentile), &Net::space(), score);
    check_strategy(&Pruning::new(Grid, PatientPruner::new(2).of(median().interval_steps(5))).lag(2), &space, score);
    check_strategy(&Pruning::new(Grid, ThresholdPruner::between(-0.8, 0.8).interval_steps(8)), &space, score);
    let model = Tpe::new(7).startup(3).lag(2);
    check_strategy(&Pruning::new(model, median().interval_steps(9)).lag(2), &Net::space(), score);
}

/// What optuna's study would do with the means over the folds, one trial after the other.
#[test]
fn a_candidate_is_pruned_by_the_means_of_its_folds_on_validation_rows() {
    let data = corners(90, 0.8);
    let full = search(Grid, &Seen::default()).space(small()).train(
        // The same rows are set aside, and nothing stops.
        Train::adam(1e-2).epochs(9).batch_size(8).early_stopping(EarlyStopping::patience(100).restore_best(false)),
    );
    let full = full.cross_validate(&data).expect("a report");
    let mean = |candidate: usize, epoch: usize| {
        let of_fold =
            |fold: usize| full.results().candidates()[candidate].records()[fold].curve.epochs[epoch].monitored;
        (0..3).map(|fold| of_fold(fold).expect("a loss")).sum::<f64>() / 3.0
    };
    // By hand, with optuna's rule: after two complete trials, all but one candidate before it.
    let (mut complete, mut expected): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for candidate in 0..8 {
        let others: Vec<usize> = complete.iter().copied().filter(|other| other + 1 < candidate).collect();
        let end = (0..8).find(|&epoch| {
            let mut values: Vec<f64> = others.iter().map(|&other| mean(other, epoch)).collect();
            values.sort_by(f64::total_cmp);
            let median = || f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2]);
            let best = (0..=epoch).map(|epoch| mean(candidate, epoch)).fold(f64::INFINITY, f64::min);
            values.len() >= 2 && best > median()
        });
        if end.is_none() {
            complete.push(candidate);
        }
        expected.push(end.map(|epoch| epoch + 1));
    }
    assert!(expected.iter().filter(|end| end.is_some()).count() >= 2, "{expected:?}");

    let epochs = Seen::default();
    let report = search(Pruning::new(Grid, median()).lag(1), &epochs).space(small());
    let report = report.cross_validate(&data).expect("a report");
    let results = report.results();
    let mut trained = 0;
    for (at, (candidate, end)) in results.candidates().iter().zip(&expected).enumerate() {
        let elimination = candidate.elimination();
        assert_eq!(elimination.is_some(), end.is_some(), "candidate {at}");
        assert_eq!(candidate.is_finalist(), end.is_none());
        assert_eq!(candidate.resources(), end.unwrap_or(9));
        trained += 3 * end.unwrap_or(9);
        let whole = &full.results().candidates()[at];
        match elimination {
            None => assert_eq!(candidate.scores(0), whole.scores(0), "the slices are one training"),
            Some(elimination) => {
                assert!(elimination.reason.starts_with("MedianPruner"), "{elimination}");
                assert!(elimination.reason.contains(" bounds the best 50 % of "), "{elimination}");
                assert!(candidate.rank(0) > complete.len(), "no pruned candidate is before a full one");
            }
        }
    }
    assert_eq!(epochs.load(Ordering::Relaxed), trained, "no epoch is trained twice");
    let count = expected.iter().filter(|end| end.is_some()).count();
    let said: usize = report
        .to_string()
        .lines()
        .find_map(|line| line.strip_prefix("candidates eliminated: "))
        .expect("a line")
        .split(", ")
        .map(|stage| stage.split(' ').next().and_then(|count| count.parse::<usize>().ok()).expect("a number"))
        .sum();
    assert_eq!(said, count, "{report}");
}

#[test]
fn a_hook_is_told_of_each_pruned_candidate_once() {
    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<Vec<(u64, String, String)>>>);

    impl Hook for Told {
        fn pruned(&self, candidate: u64, after: &str, reason: &str) {
            self.0.lock().expect("a list").push((candidate, after.to_owned(), reason.to_owned()));
        }
    }

    let data = corners(90, 0.8);
    let told = Told::default();
    let pruning = Pruning::new(Grid, ThresholdPruner::upper(0.9).n_warmup_steps(1));
    let report = search(pruning, &Seen::default()).space(small()).hook(told.clone());
    let report = report.fit(&data).expect("a report");
    let mut told = told.0.lock().expect("a list").clone();
    told.sort();
    let of_report: Vec<(u64, String, String)> = report
        .results()
        .candidates()
        .iter()
        .filter_map(|candidate| candidate.elimination())
        .map(|it| (it.candidate, it.after.clone(), it.reason.clone()))
        .collect();
    assert!(!told.is_empty() && told.len() < 8, "{told:?}");
    assert_eq!(told, of_report);
    assert!(told[0].2.contains("loss") && told[0].2.contains("is above 0.9"), "{told:?}");
}

/// The quantity is the recipe's, in its direction; rows are set aside on the folds, and none for the winner.
#[test]
fn the_recipe_decides_what_is_watched() {
    type FitRows = (Option<u32>, usize, Option<String>);
    #[derive(Clone, Default)]
    struct Rows(Arc<Mutex<Vec<FitRows>>>);

    impl Hook for Rows {
        fn fit_start(&self, fit: &FitInfo) {
            self.0.lock().expect("a list").push((fit.fold, fit.rows, fit.monitor.clone()));
        }
    }

    let data = corners(90, 0.8);
    let rows = Rows::default();
    let recipe = Train::adam(1e-2).epochs(9).batch_size(8).monitor(Accuracy).validation_fraction(0.2);
    assert_eq!(recipe.monitor.direction(), Direction::Maximize);
    let pruning = Pruning::new(Grid, ThresholdPruner::lower(0.75).n_warmup_steps(3));
    let search = search(pruning, &Seen::default()).space(small()).train(recipe).hook(rows.clone());
    let report = search.fit(&data).expect("a report");
    for (fold, rows, monitor) in rows.0.lock().expect("a list").iter() {
        let expected = if fold.is_some() { (48, Some("accuracy")) } else { (90, None) };
        assert_eq!((*rows, monitor.as_deref()), expected);
    }
    let pruned = report.results().candidates().iter().filter_map(|it| it.elimination()).collect::<Vec<_>>();
    assert!(pruned.iter().all(|it| it.reason.contains("accuracy") && it.reason.contains("is below 0.75")));
}

#[test]
fn wrong_settings_are_errors_before_any_training() {
    let epochs = Seen::default();
    let error = search(Pruning::new(Grid, median().interval_steps(0)), &epochs).fit(&corners(90, 0.8)).unwrap_err();
    assert_eq!(error.to_string(), "interval_steps is 0, expected at least 1");
    assert_eq!(epochs.load(Ordering::Relaxed), 0);
}
