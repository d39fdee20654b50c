//! Exact elimination: the winner of the whole grid, with fewer fits.

use dropgrid::{
    data::Labels,
    metric::{CustomMetric, Direction, Needs, Scored},
    report::Report,
    seed::{Purpose, Seed, below},
    split::Warning,
};

use super::{
    table::{TableSearch, winner},
    *,
};
use crate::corners::corners;

/// Random tables with few levels, so that many means tie or are perfect.
#[test]
fn the_winner_and_its_scores_are_those_of_the_whole_grid() {
    let (mut of_grid, mut of_exact) = (0, 0);
    for case in 0..800 {
        let mut rng = Seed(case).key(Purpose::Split).rng();
        let mut pick = |count: u64| below(&mut rng, count);
        let candidates = 1 + pick(40) as usize;
        let folds = 1 + pick(6) as usize;
        let space = Net::space().dropout([0.1]).lr((1..=candidates).map(|at| at as f64 / 100.0).collect::<Vec<f64>>());
        let weights: Vec<f64> = match pick(3) {
            0 => (0..folds).map(|_| (1 + pick(7)) as f64).collect(),
            1 => (0..folds).map(|_| (1 + pick(1000)) as f64 / 7.0).collect(),
            _ => vec![1.0; folds],
        };
        let (is_loss, levels) = (pick(2) == 1, [2, 5, 1000][pick(3) as usize]);
        let (faults, level) = ([0, 0, 5, 40][pick(4) as usize], pick(levels + 1));
        let table: Vec<Option<f64>> = (0..candidates * folds)
            .map(|_| match pick(100) {
                fault if fault < faults => None,
                fault if fault < 2 * faults => Some(f64::NAN),
                _ => Some((pick(levels + 1).max(level) as f64) / levels as f64),
            })
            .collect();
        let score = |candidate: u64, fold: u32, _: Budget| {
            let score = table[candidate as usize * folds + fold as usize]?;
            Some(if is_loss { 1.0 - score } else { score })
        };
        let search = TableSearch {
            space: &space,
            weights,
            direction: if is_loss { Direction::Minimize } else { Direction::Maximize },
            best_score: [Some(if is_loss { 0.0 } else { 1.0 }), None][usize::from(pick(5) == 0)],
            // An error score may be better than any score.
            error_score: [f64::NAN, f64::NAN, 0.5, 1.0, 2.0, -1.0][pick(6) as usize],
            epochs: 3,
            score: &score,
        };
        let grid = search.run(&Grid, |view| {
            of_grid += view.trials.record_count();
            winner(view, &Strategy::<NetSpace>::finalists(&Grid, view), Budget::Full)
        });
        let exact = search.run(&Grid.exact(), |view| {
            of_exact += view.trials.record_count();
            let finalists = Grid.exact().finalists(view);
            let eliminations = Grid.exact().eliminations(view);
            assert_eq!(finalists.len() + eliminations.len(), candidates, "case {case}");
            assert!(eliminations.iter().all(|it| !finalists.contains(&it.candidate)), "case {case}");
            winner(view, &finalists, Budget::Full)
        });
        assert_eq!(exact, grid, "case {case}");
    }
    assert!(of_exact * 100 < of_grid * 85, "{of_exact} of {of_grid} fits");
}

fn bytes(report: &Report<Net, Classes<3>>) -> Vec<u8> {
    report.fitted().to_bytes().expect("a model")
}

#[test]
fn a_search_has_the_winner_of_the_grid_and_its_model_with_fewer_fits() {
    let data = corners(90, 0.6);
    let space = || Net::space().dropout([0.0, 0.2]).lr([1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]);
    let cv = || KFold::new(5).shuffle();
    let epochs = Seen::default();
    let scoring = || (Accuracy, LogLoss);
    let grid = search(Grid, &epochs).space(space()).cv(cv()).scoring(scoring()).fit(&data).expect("a report");
    for workers in [1, 2, 5] {
        let exact = search(Grid.exact(), &epochs).space(space()).cv(cv()).scoring(scoring()).workers(workers);
        let exact = exact.fit(&data).expect("a report");
        assert_eq!(exact.best_params(), grid.best_params());
        assert_eq!(exact.best_score().to_bits(), grid.best_score().to_bits());
        for metric in [0, 1] {
            assert_eq!(exact.best().scores(metric), grid.best().scores(metric));
        }
        assert_eq!(bytes(&exact), bytes(&grid));
        let (fits, all) = (exact.results().fits(), grid.results().fits());
        assert!(fits < all, "{fits} of {all} fits");
        let candidates = exact.results().candidates();
        for candidate in candidates {
            assert_eq!(candidate.elimination().is_some(), !candidate.is_complete(), "{}", candidate.params());
        }
        let csv = exact.results().to_csv();
        assert!(csv.contains("eliminated") && csv.contains("with perfect scores on the other folds, and"), "{csv}");
        assert!(exact.to_string().contains("candidates eliminated: "), "{exact}");
        let dropped = candidates.iter().filter(|candidate| candidate.elimination().is_some()).count();
        let said = format!("No score is free of the choice: {dropped} candidate");
        assert!(exact.to_string().contains(&said), "{exact}");
        assert!(!grid.to_string().contains("No score is free"), "{grid}");
    }
}

#[test]
fn a_metric_without_a_best_value_is_told_and_drops_nothing() {
    let data = corners(60, 1.0);
    let cost = |scored: &Scored<'_, Labels>| {
        let wrong = scored.truth().iter().zip(scored.predicted()?).filter(|(truth, predicted)| truth != predicted);
        Ok(wrong.count() as f64)
    };
    let metric = || CustomMetric::new("cost", Direction::Minimize, Needs::Labels, cost);
    let run = |metric| {
        let exact = search(Grid.exact(), &Seen::default()).space(small()).scoring(metric);
        exact.cross_validate(&data).expect("a report")
    };
    let report = run(metric());
    assert_eq!(report.results().fits(), 8 * 3);
    let warning = Warning::NoBestScore { metric: "cost".to_owned() };
    assert!(report.warnings().contains(&warning), "{:?}", report.warnings());
    let report = run(metric().with_best(0.0));
    assert!(!report.warnings().contains(&warning));
    assert!(report.results().fits() < 8 * 3);
}

/// Candidates with other epochs share one training: leaving one of them out would save nothing.
#[test]
fn candidates_that_share_a_training_are_dropped_together() {
    #[searchable]
    struct Long {
        hidden: (Linear<4, 8>, Tanh),
        output: Linear<8, 3>,
        #[train]
        #[grid(1e-4, 1e-3, 1e-2, 3e-2)]
        lr: f64,
        #[train]
        #[grid(2, 5, 9)]
        epochs: usize,
    }
    let data = corners(90, 0.6);
    let trained = Seen::default();
    let count = Arc::clone(&trained);
    let hook = move |_: &FitInfo, _: &Epoch| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    let run = |exact: bool| {
        let cv = KFold::new(5).shuffle();
        if exact {
            Long::search(Grid.exact()).cv(cv).seed(4).progress(false).hook(hook.clone()).cross_validate(&data)
        } else {
            Long::search(Grid).cv(cv).seed(4).progress(false).cross_validate(&data)
        }
    };
    let (grid, exact) = (run(false).expect("a report"), run(true).expect("a report"));
    assert_eq!(exact.best().scores(0), grid.best().scores(0));
    assert_eq!(exact.best_params(), grid.best_params());
    // Each fold of a training has all three candidates, and no epoch twice.
    let mut folds = 0;
    for unit in exact.results().candidates().chunks(3) {
        let counts: Vec<usize> = unit.iter().map(|candidate| candidate.records().len()).collect();
        assert!(counts.iter().all(|&count| count == counts[0]), "{counts:?}");
        folds += counts[0];
    }
    assert!(folds < 4 * 5, "{folds} trainings");
    assert_eq!(trained.load(Ordering::Relaxed), 9 * folds);
}
