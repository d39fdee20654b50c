//! Successive halving, Hyperband and ASHA: their schedules in real searches.

use std::collections::BTreeMap;

use dropgrid::{metric::Direction, split::Splitter};

use super::{
    table::{TableSearch, winner},
    *,
};
use crate::corners::corners;

/// A search on a table of scores, in which a lower number is better.
fn table(space: &NetSpace, epochs: u32) -> TableSearch<'_> {
    TableSearch {
        space,
        weights: vec![1.0; 2],
        direction: Direction::Maximize,
        best_score: None,
        error_score: f64::NAN,
        epochs,
        score: &|candidate, _, _| Some(-(candidate as f64)),
    }
}

/// The candidates with a record at each number of epochs.
fn rungs(view: &View<'_, NetSpace>, whole: u32) -> BTreeMap<u32, usize> {
    let mut rungs = BTreeMap::new();
    for trial in view.trials.iter() {
        for record in trial.records().iter().filter(|record| record.fold == 0) {
            let epochs = if let Budget::Epochs(epochs) = record.budget { epochs.get() } else { whole };
            *rungs.entry(epochs).or_insert(0) += 1;
        }
    }
    rungs
}

#[test]
fn candidates_have_the_epochs_of_their_rung_and_go_on_from_them() {
    let data = corners(90, 1.0);
    let epochs = Seen::default();
    let halving = SuccessiveHalving::new(Random::new(9)).factor(3);
    let report = search(halving, &epochs).cross_validate(&data).expect("a report");
    assert_eq!(epochs.load(Ordering::Relaxed), 3 * (9 + 3 * 2 + 6), "no epoch is trained twice");
    let candidates = report.results().candidates();
    let rung = |at: usize| candidates.iter().filter(|candidate| candidate.iteration() == at).count();
    assert_eq!([rung(0), rung(1), rung(2)], [6, 2, 1]);
    for candidate in candidates {
        assert_eq!(candidate.resources(), [1, 3, 9][candidate.iteration()]);
        assert_eq!(candidate.is_finalist(), candidate.iteration() == 2);
        let out = candidate.elimination().map(|elimination| elimination.after.as_str());
        assert_eq!(out, [Some("1 epoch"), Some("3 epochs"), None][candidate.iteration()]);
    }
    assert!(report.to_string().contains("candidates eliminated: 6 after 1 epoch, 2 after 3 epochs"), "{report}");
    assert!(report.results().to_csv().contains("of 9, of which 3 went on"), "{}", report.results().to_csv());
}

/// `HalvingGridSearchCV` on as many rows, candidates and folds.
#[test]
fn samples_are_counted_as_scikit_learn_counts_them() {
    let data = corners(150, 1.0);
    let halving = SuccessiveHalving::new(Grid).samples().factor(3);
    let run = |halving| {
        let report = search(halving, &Seen::default()).space(small().lr([1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1]));
        report.cross_validate(&data).expect("a report")
    };
    let counts = |report: &Report<Net, Classes<3>, ()>| {
        let mut counts = BTreeMap::new();
        for candidate in report.results().candidates() {
            *counts.entry((candidate.iteration(), candidate.resources())).or_insert(0) += 1;
        }
        counts
    };
    // min = 3 folds * 2 * 3 classes = 18; 12 candidates need 3 iterations; exhaust: max(18, 150 // 9) = 18, of which
    // there are 1 + log3(150 // 18) = 2.
    assert_eq!(counts(&run(halving)), BTreeMap::from([((0, 18), 8), ((1, 54), 4)]));
    // 20, 60 and 150 are no more than 150.
    assert_eq!(counts(&run(halving.min_resource(15))), BTreeMap::from([((0, 15), 8), ((1, 45), 2), ((2, 135), 2)]));
    // One iteration more with the smallest number of rows.
    let aggressive = run(halving.min_resource(40).max_resource(120).aggressive(true));
    assert_eq!(counts(&aggressive), BTreeMap::from([((0, 40), 8), ((1, 40), 2), ((2, 120), 2)]));
    // The share of a fold's 100 training rows, rounded down.
    let report = run(halving.min_resource(20).max_resource(150));
    for candidate in report.results().candidates() {
        let share = candidate.resources() as f64 / 150.0;
        assert_eq!(candidate.budget(), Budget::rows(share).expect("a share"));
    }
}

/// `tests/golden/halving.py` writes the schedules, on as many rows, classes and candidates.
#[test]
fn the_smallest_samples_count_the_folds_of_all_repeats_as_scikit_learn_does() {
    fn check(golden: &str, splitter: impl Splitter + 'static) {
        let of = |line: &&str| line.starts_with(golden);
        let line = include_str!("../../golden/halving_smallest.csv").lines().find(of).expect("a splitter of the table");
        let data = corners(90, 1.0).with_groups((0..90).map(|row| row / 6)).expect("groups");
        let recipe = Train::adam(1e-2).epochs(1).batch_size(8);
        let search = Net::search(SuccessiveHalving::new(Grid).samples().smallest()).cv(splitter).train(recipe);
        let search = search.space(small().lr([1e-3, 3e-3, 1e-2])).progress(false);
        let results = search.cross_validate(&data).expect("a report");
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for candidate in results.results().candidates() {
            let all = candidate.other_records().iter().chain(candidate.records()).filter(|record| record.fold == 0);
            for record in all {
                let Budget::Rows(share) = record.budget else { panic!("a share of the rows: {golden}") };
                *counts.entry((90.0 * share.get()).round() as i64).or_default() += 1;
            }
        }
        let schedule: Vec<String> = counts.iter().map(|(rows, candidates)| format!("{candidates}x{rows}")).collect();
        let parts: Vec<&str> = line.split(',').collect();
        assert_eq!([&results.results().fold_infos().len().to_string(), &schedule.join(" ")], parts[1..], "{golden}");
    }
    check("KFold(", KFold::new(3));
    check("StratifiedKFold(", StratifiedKFold::new(4));
    check("RepeatedKFold(n_repeats=3", RepeatedKFold::new(2).n_repeats(3));
    check("RepeatedKFold(n_repeats=4", RepeatedKFold::new(3).n_repeats(4));
    check("RepeatedStratifiedKFold(", RepeatedStratifiedKFold::new(2).n_repeats(2));
    check("ShuffleSplit(", ShuffleSplit::new(5));
    check("GroupKFold(", GroupKFold::new(3));
}

/// A space with a range.
#[searchable]
struct Ranged {
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-3..1e-1)]
    lr: f64,
}

#[test]
fn a_base_without_an_end_has_as_many_candidates_as_the_resources_allow_for() {
    let data = corners(30, 1.0);
    let endless = || SuccessiveHalving::new(Random::new(usize::MAX));
    let few = || SuccessiveHalving::new(Random::new(12));
    for (halving, expected) in [
        (endless(), vec![(1, 16), (2, 8), (4, 4), (8, 2), (16, 1)]),
        (endless().min_resource(4), vec![(4, 4), (8, 2), (16, 1)]),
        (endless().max_resource(4), vec![(1, 4), (2, 2), (4, 1)]),
        (few(), vec![(2, 12), (4, 6), (8, 3), (16, 2)]),
        (few().smallest(), vec![(1, 12), (2, 6), (4, 3), (8, 2)]),
        (few().factor(4).max_resource(12), vec![(3, 12), (12, 3)]),
    ] {
        let recipe = Train::adam(1e-2).epochs(16);
        let search = Ranged::search(halving).cv(KFold::new(2)).train(recipe).progress(false);
        let report = search.cross_validate(&data).expect("a report");
        let mut rungs: BTreeMap<u32, usize> = BTreeMap::new();
        for candidate in report.results().candidates() {
            for record in candidate.other_records().iter().chain(candidate.records()).filter(|it| it.fold == 0) {
                let epochs = if let Budget::Epochs(epochs) = record.budget { epochs.get() } else { 16 };
                *rungs.entry(epochs).or_default() += 1;
            }
        }
        assert_eq!(rungs, expected.into_iter().collect(), "{halving:?}");
        let finalists = report.results().candidates().iter().filter(|candidate| candidate.is_finalist());
        assert_eq!(Some(finalists.count()), rungs.into_values().next_back(), "{halving:?}");
    }
}

#[test]
fn hyperband_runs_the_brackets_of_the_paper() {
    let space = Net::space();
    let hyperband = Hyperband::new(Random::new(200));
    let (rungs, finalists, candidates) =
        table(&space, 81).run(&hyperband, |view| (rungs(view, 81), hyperband.finalists(view), view.trials.len()));
    assert_eq!(candidates, 81 + 34 + 15 + 8 + 5);
    let expected = [(1, 81), (3, 27 + 34), (9, 9 + 11 + 15), (27, 3 + 3 + 5 + 8), (81, 1 + 1 + 1 + 2 + 5)];
    assert_eq!(rungs, expected.into_iter().collect());
    // The first of each bracket, which are its best.
    assert_eq!(finalists, [0, 81, 115, 130, 131, 138, 139, 140, 141, 142]);
    // A base with too few candidates is used up.
    let candidates = table(&space, 81).run(&Hyperband::new(Random::new(100)), |view| view.trials.len());
    assert_eq!(candidates, 100);
}

#[test]
fn asha_promotes_from_every_prefix_and_ends_with_a_whole_training() {
    let space = Net::space();
    // The first is the best: of 20 candidates, the top third, of these the top third, and the best of them.
    let asha = Asha::new(Random::new(20)).factor(3);
    let rungs_of = |asha: &Asha<Random>| table(&space, 27).run(asha, |view| rungs(view, 27));
    assert_eq!(rungs_of(&asha), BTreeMap::from([(1, 20), (3, 6), (9, 2), (27, 1)]));
    // The last is the best: each candidate is among the best of its prefix, as soon as that is long enough.
    let mut search = table(&space, 27);
    search.score = &|candidate, _, _| Some(candidate as f64);
    let rungs = search.run(&asha, |view| rungs(view, 27));
    assert_eq!(rungs, BTreeMap::from([(1, 20), (3, 18), (9, 16), (27, 14)]));
    // Too few for a promotion.
    assert_eq!(rungs_of(&Asha::new(Random::new(2)).factor(3)), BTreeMap::from([(1, 2), (3, 1), (9, 1), (27, 1)]));
}

/// The highest rung may have no score: the winner is of the highest one that has.
#[test]
fn finalists_have_a_score_and_one_budget() {
    let space = Net::space();
    let mut search = table(&space, 27);
    search.score = &|candidate, _, budget| (budget != Budget::Full).then_some(-(candidate as f64));
    let budget = |epochs| Budget::epochs(epochs).expect("a budget");
    let asha = Asha::new(Random::new(20)).factor(3);
    let found = search.run(&asha, |view| {
        let finalists = asha.finalists(view);
        assert!(asha.eliminations(view).iter().all(|it| !finalists.contains(&it.candidate)));
        winner(view, &finalists, budget(9)).map(|(number, _)| (finalists.len(), number))
    });
    // Of the two with nine epochs, the better one has failed.
    assert_eq!(found, Some((1, 1)));
    let halving = SuccessiveHalving::new(Random::new(27)).factor(3);
    let found =
        search.run(&halving, |view| winner(view, &halving.finalists(view), budget(9)).map(|(number, _)| number));
    assert_eq!(found, Some(1));
    let hyperband = Hyperband::new(Random::new(200));
    let found = search.run(&hyperband, |view| {
        let finalists = hyperband.finalists(view);
        let is_of_nine = |number: &u64| view.score(*number, budget(9)).is_some_and(f64::is_finite);
        (finalists.iter().all(is_of_nine), finalists.len())
    });
    assert!(found.0 && found.1 > 1, "{found:?}");
}

/// A search that ends early compares what was trained as long, and whoever was the best goes first.
#[test]
fn a_halving_that_ends_early_compares_equal_budgets() {
    let data = corners(90, 0.8);
    let halving = SuccessiveHalving::new(Random::new(9)).factor(3);
    for fits in 27..39 {
        let report = search(halving, &Seen::default()).max_fits(fits).cross_validate(&data).expect("a report");
        let finalists: Vec<_> = report.results().candidates().iter().filter(|it| it.is_finalist()).collect();
        assert!(!finalists.is_empty() && finalists.iter().all(|it| it.budget() == finalists[0].budget()), "{fits}");
        assert!(finalists.iter().all(|it| it.is_complete() && it.elimination().is_none()), "{fits}");
        // Three go on to the second rung, one to the third.
        let expected = [3, 3, 3, 1, 1, 1, 2, 2, 2, 1, 1, 1][fits - 27];
        assert_eq!(finalists.len(), expected, "{fits}");
        if fits == 30 {
            let first = report.results().candidates().iter().map(|it| {
                let records = it.other_records().iter().chain(it.records());
                let scores = records.filter(|it| it.budget == Budget::epochs(1).expect("a budget"));
                scores.map(|it| it.outcome.as_ref().expect("a score")[0]).sum::<f64>()
            });
            let best = first.fold(f64::NEG_INFINITY, f64::max);
            let of_best = finalists[0].other_records().iter().map(|it| it.outcome.as_ref().expect("a score")[0]);
            assert_eq!(of_best.sum::<f64>(), best, "the best of the first rung goes on first");
        }
    }
}

/// Whole trainings all diverge: the winner is one of those that went on the furthest and have a score there.
#[test]
fn where_the_highest_rung_has_no_score_a_lower_one_decides() {
    let space = Net::space();
    let scores = TableSearch {
        score: &|candidate, _, budget| Some(if budget == Budget::Full { f64::NAN } else { -(candidate as f64) }),
        ..table(&space, 27)
    };
    fn check<S: Strategy<NetSpace>>(strategy: &S, scores: &TableSearch<'_>) {
        scores.run(strategy, |view| {
            assert!(view.trials.iter().any(|trial| trial.is_done(Budget::Full)), "{strategy:?} reaches 27 epochs");
            let last = |number: &u64| view.trials.get(*number).and_then(|it| it.records().last()).map(|it| it.budget);
            let finalists = strategy.finalists(view);
            let budgets: Vec<Option<Budget>> = finalists.iter().map(last).collect();
            assert!(budgets.windows(2).all(|pair| pair[0] == pair[1]), "{strategy:?}: {budgets:?}");
            let budget = budgets.first().copied().flatten().expect("a finalist");
            assert!(budget < Budget::Full && winner(view, &finalists, budget).is_some(), "{strategy:?}: {budget:?}");
        });
    }
    check(&SuccessiveHalving::new(Random::new(27)).factor(3), &scores);
    check(&Hyperband::new(Random::new(usize::MAX)), &scores);
    check(&Asha::new(Random::new(20)).factor(3), &scores);
    check(&Asha::new(Random::new(2)).factor(3), &scores);
}
