//! Races of candidates.

use dropgrid::metric::Direction;

use super::{
    table::{TableSearch, winner},
    *,
};
use crate::corners::corners;

/// Scores of four candidates on five folds.
const SCORES: [[f64; 5]; 4] = [
    [0.90, 0.92, 0.91, 0.93, 0.92],
    [0.89, 0.92, 0.90, 0.92, 0.90],
    [0.80, 0.83, 0.82, 0.84, 0.85],
    [0.70, 0.90, 0.60, 0.95, 0.99],
];

fn race(
    scores: &[[f64; 5]],
    direction: Direction,
    weights: Vec<f64>,
    race: Race<Random>,
) -> Vec<(u64, String, String)> {
    let space = Net::space();
    let search = TableSearch {
        space: &space,
        weights,
        direction,
        best_score: None,
        error_score: f64::NAN,
        epochs: 3,
        score: &|candidate, fold, _| Some(scores[candidate as usize][fold as usize]),
    };
    search.run(&race, |view| {
        let eliminations = race.eliminations(view);
        for elimination in &eliminations {
            let folds = view.trials.get(elimination.candidate).map_or(0, |trial| trial.records().len());
            assert_eq!(elimination.after, format!("fold {folds} of 5"));
        }
        let finalists = Strategy::<NetSpace>::finalists(&race, view);
        assert_eq!(finalists.len() + eliminations.len(), scores.len());
        eliminations.into_iter().map(|it| (it.candidate, it.after, it.reason)).collect()
    })
}

/// The test by hand: after two folds the differences to candidate 0 are (0.01, 0), (0.10, 0.09) and (0.20, 0.02), with
/// the variances 5e-5, 5e-5 and 0.0162, whose median is 5e-5. For candidate 2, `v = (5e-5 + 4 * 5e-5) / 5 = 5e-5`, so
/// `t = 0.095 / sqrt(2.5e-5) = 19` with 5 degrees of freedom. For candidate 3, `v = (0.0162 + 2e-4) / 5`, so `t = 0.11
/// / sqrt(0.00164) = 2.716`, for which `scipy.stats.t.sf` gives 0.020981: no difference at the level 0.01.
#[test]
fn candidates_that_are_far_behind_are_dropped_after_the_fold_that_shows_it() {
    let dropped = race(&SCORES, Direction::Maximize, vec![1.0; 5], Race::new(Random::new(4)));
    let reason = "0.095000 behind candidate 0, p = 0.000004".to_owned();
    assert_eq!(dropped[0], (2, "fold 2 of 5".to_owned(), reason));
    assert!(dropped.iter().all(|(candidate, ..)| *candidate != 0));
    let dropped = race(&SCORES, Direction::Maximize, vec![1.0; 5], Race::new(Random::new(4)).alpha(0.025));
    assert_eq!(dropped[1], (3, "fold 2 of 5".to_owned(), "0.110000 behind candidate 0, p = 0.020981".to_owned()));
    // The same scores as losses.
    let losses = SCORES.map(|scores| scores.map(|score| -score));
    let mirrored = race(&losses, Direction::Minimize, vec![1.0; 5], Race::new(Random::new(4)).alpha(0.025));
    assert_eq!(mirrored, dropped);
    // Weights have no unit.
    let heavy = race(&SCORES, Direction::Maximize, vec![7.0; 5], Race::new(Random::new(4)).alpha(0.025));
    assert_eq!(heavy.len(), dropped.len());
    // Nobody is dropped before the burn-in is over.
    let late = race(&SCORES, Direction::Maximize, vec![1.0; 5], Race::new(Random::new(4)).burn_in(4));
    assert!(late.iter().all(|(_, after, _)| after == "fold 4 of 5"), "{late:?}");
}

#[test]
fn candidates_without_a_score_are_dropped_unless_all_are() {
    let space = Net::space();
    let mut search = TableSearch {
        space: &space,
        weights: vec![1.0; 4],
        direction: Direction::Maximize,
        best_score: None,
        error_score: f64::NAN,
        epochs: 3,
        score: &|candidate, fold, _| (candidate != 1 || fold != 1).then_some(0.5),
    };
    let strategy = Race::new(Random::new(3));
    let (fits, reasons) = search.run(&strategy, |view| (view.trials.record_count(), strategy.eliminations(view)));
    assert_eq!((fits, reasons.len(), reasons[0].candidate), (4 + 2 + 4, 1, 1));
    assert_eq!(reasons[0].to_string(), "after fold 2 of 4: a fold has no score");
    search.score = &|_, _, _| None;
    assert_eq!(search.run(&strategy, |view| view.trials.record_count()), 12);
}

/// Candidates with a common difficulty of each fold, a quality of their own, and noise.
#[test]
fn a_race_keeps_the_best_of_most_tables_with_far_fewer_fits() {
    use dropgrid::seed::{Purpose, Seed, below};
    let space = Net::space();
    let (mut kept, mut fits, mut of_grid) = (0, 0, 0);
    for case in 0..60 {
        let mut rng = Seed(case).key(Purpose::Split).rng();
        let mut draw = || (0..12).map(|_| below(&mut rng, 1000) as f64 / 1000.0).sum::<f64>() - 6.0;
        let folds: Vec<f64> = (0..10).map(|_| 0.05 * draw()).collect();
        let table: Vec<Vec<f64>> = (0..40)
            .map(|_| {
                let quality = 0.03 * draw();
                folds.iter().map(|fold| 0.8 + quality + fold + 0.01 * draw()).collect()
            })
            .collect();
        let search = TableSearch {
            space: &space,
            weights: vec![1.0; 10],
            direction: Direction::Maximize,
            best_score: None,
            error_score: f64::NAN,
            epochs: 3,
            score: &|candidate, fold, _| Some(table[candidate as usize][fold as usize]),
        };
        let base = Random::new(40);
        let grid = search.run(&base, |view| {
            of_grid += view.trials.record_count();
            winner(view, &Strategy::<NetSpace>::finalists(&base, view), Budget::Full)
        });
        let race = Race::new(base);
        let raced = search.run(&race, |view| {
            fits += view.trials.record_count();
            winner(view, &Strategy::<NetSpace>::finalists(&race, view), Budget::Full)
        });
        kept += usize::from(raced == grid);
    }
    assert!(kept >= 58, "the winner is kept in {kept} of 60 tables");
    assert!(fits * 2 < of_grid, "{fits} of {of_grid} fits");
}

#[test]
fn a_race_is_reported() {
    let data = corners(120, 0.6);
    let report = search(Race::new(Grid), &Seen::default())
        .space(Net::space().dropout([0.0, 0.2]).lr([1e-4, 1e-3, 1e-2, 3e-2]))
        .cv(KFold::new(6).shuffle())
        .scoring(LogLoss)
        .cross_validate(&data)
        .expect("a report");
    let dropped = report.results().candidates().iter().filter(|candidate| candidate.elimination().is_some());
    let dropped: Vec<_> = dropped.collect();
    assert!(!dropped.is_empty());
    for candidate in dropped {
        assert!(!candidate.is_finalist() && candidate.records().len() < 6);
    }
    assert!(report.to_string().contains("after fold 2 of 6"), "{report}");
}
