//! Constraints: the winner, the ranks, what strategies make of them, and errors.

use dropgrid::{
    Error,
    error::ScoringError,
    metric::Direction,
    prelude::*,
    record::{Budget, Constraint, FoldInfo, MetricInfo, Record},
    report::Results,
    search::Search,
    seed::Seed,
    strategy::{Strategy, Trials, View},
};

use crate::corners::corners;

#[searchable]
struct Net {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(1e-3, 3e-3, 1e-2, 3e-2)]
    lr: f64,
}

fn search<S: Strategy<NetSpace>>(strategy: S) -> Search<Net, S, (Accuracy, LogLoss)> {
    let recipe = Train::adam(1e-2).epochs(6).batch_size(16);
    let search = Net::search(strategy).scoring((Accuracy, LogLoss)).cv(KFold::new(3).shuffle());
    search.train(recipe).seed(4).progress(false)
}

/// The place of each candidate by Deb's rule, by hand: feasible ones by the score, then the others by the violation.
fn by_hand(results: &Results<NetParams>, violation: impl Fn(f64) -> f64) -> Vec<usize> {
    let key = |it: &dropgrid::report::Candidate<NetParams>| (violation(it.mean(1)), -it.mean(0));
    let keys: Vec<(f64, f64)> = results.candidates().iter().map(key).collect();
    keys.iter().map(|key| 1 + keys.iter().filter(|other| *other < key).count()).collect()
}

#[test]
fn an_infeasible_candidate_never_wins_where_one_is_feasible() {
    let data = corners(90, 0.8);
    let free = search(Grid).fit(&data).expect("a report");
    // A score that is out of reach of the best but not of all: more of the loss than the best has.
    let best = free.best().mean(1);
    let bound = free
        .results()
        .candidates()
        .iter()
        .map(|it| it.mean(1))
        .filter(|loss| *loss > best)
        .fold(f64::INFINITY, f64::min);
    let report = search(Grid).constraint(LogLoss, bound..).fit(&data).expect("a report");
    let results = report.results();
    let violation = |loss: f64| (bound - loss).max(0.0);
    let ranks: Vec<usize> = results.candidates().iter().map(|it| it.rank(0)).collect();
    assert_eq!(ranks, by_hand(results, violation));
    assert!(report.best().is_feasible() && report.best().mean(1) >= bound);
    assert_ne!(report.best_params(), free.best_params());
    for (candidate, same) in results.candidates().iter().zip(free.results().candidates()) {
        assert_eq!(candidate.scores(0), same.scores(0));
        assert_eq!(candidate.violation(), violation(candidate.mean(1)));
    }
    let feasible = results.candidates().iter().filter(|it| it.is_feasible()).count();
    assert!(feasible > 0 && feasible < 8);
    let said = format!("{feasible} of 8 candidates have log_loss >= {bound}; the others rank behind them");
    assert!(report.to_string().contains(&said), "{report}");
    assert!(results.to_csv().lines().next().is_some_and(|line| line.contains(",violation")));
    assert!(!free.results().to_csv().contains("violation"));
    // Nor by a rule that takes a simpler one.
    let report =
        search(Grid).constraint("log_loss", bound..).refit(OneStandardError::simplest(|it: &NetParams| -it.lr));
    assert!(report.fit(&data).expect("a report").best().is_feasible());
    // Nor on the front.
    let front = report_front(&data, bound);
    assert!(front.iter().all(|loss| *loss >= bound));
}

fn report_front(data: &Dataset<Classes<3>>, bound: f64) -> Vec<f64> {
    let report = search(Grid).constraint(LogLoss, bound..).cross_validate(data).expect("a report");
    let front = report.pareto(["accuracy", "log_loss"]).expect("a front");
    front.candidates().map(|candidate| candidate.mean(1)).collect()
}

#[test]
fn where_nothing_is_feasible_the_report_says_so_and_stays() {
    let data = corners(90, 0.8);
    let report = search(Grid).constraint("accuracy", 1.1..).constraint(LogLoss, ..=5.0).fit(&data).expect("a report");
    let least =
        report.results().candidates().iter().map(|candidate| candidate.violation()).fold(f64::INFINITY, f64::min);
    assert_eq!(report.best().violation(), least);
    let said = format!(
        "warning: no candidate that competes has accuracy >= 1.1 and log_loss <= 5; the best is the one that misses it least, by \
         {least:.6}"
    );
    assert!(report.to_string().contains(&said), "{report}");
    report.fitted();
}

#[test]
fn bounds_are_open_or_closed_as_their_range() {
    let constraint = |lower, upper| Constraint::new(0, "x", (lower, upper));
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let cases = [
        (Included(0.5), Unbounded, "x >= 0.5", [false, true, true, true]),
        (Excluded(0.5), Unbounded, "x > 0.5", [false, false, true, true]),
        (Unbounded, Excluded(1.0), "x < 1", [true, true, true, false]),
        (Unbounded, Included(1.0), "x <= 1", [true, true, true, true]),
        (Included(0.5), Excluded(1.0), "0.5 <= x < 1", [false, true, true, false]),
    ];
    for (lower, upper, text, feasible) in cases {
        let constraint = constraint(lower, upper);
        assert_eq!(constraint.to_string(), text);
        assert_eq!([0.0, 0.5, 0.75, 1.0].map(|score| constraint.violation(score) == 0.0), feasible, "{text}");
        assert_eq!(constraint.violation(f64::NAN), f64::INFINITY);
    }
    assert_eq!(constraint(Included(0.5), Unbounded).violation(0.25), 0.25);
}

#[test]
fn halvings_and_models_go_where_candidates_are_feasible() {
    let bound = Constraint::new(1, "cost", ..=-3.0);
    let is_feasible = |params: &WideParams| params.lr.log10() <= -3.0;
    // Of eight candidates, four get two epochs and two get all four.
    for seed in 0..5 {
        let halving = SuccessiveHalving::new(Random::new(8)).min_resource(1);
        let trials = trials(&halving, seed, std::slice::from_ref(&bound));
        let feasible = trials.iter().filter(|trial| is_feasible(&trial.params)).count();
        let whole = trials.iter().filter(|trial| trial.is_done(Budget::Full));
        assert_eq!(whole.filter(|trial| is_feasible(&trial.params)).count(), feasible.min(2), "seed {seed}");
    }
    // By a model: feasible only where the first score is bad.
    let share = |constraints: &[Constraint]| {
        let trials = trials(&Gp::new(24).lag(0), 1, constraints);
        trials.iter().skip(10).filter(|trial| is_feasible(&trial.params)).count()
    };
    let (free, bounded) = (share(&[]), share(&[bound]));
    assert!(bounded >= free + 4, "{free} and {bounded} of 14 are feasible");
}

#[searchable]
struct Wide {
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-5..1e-1)]
    lr: f64,
}

/// The trials of a search for a large learning rate, whose cost is its logarithm.
fn trials(strategy: &impl Strategy<WideSpace>, seed: u64, constraints: &[Constraint]) -> Trials<WideParams> {
    let folds = [FoldInfo::new(40, 20)];
    let metrics = [MetricInfo::new("score", Direction::Maximize), MetricInfo::new("cost", Direction::Minimize)];
    let (space, mut trials) = (Wide::space(), Trials::new(&folds, f64::NAN));
    loop {
        let mut view = View::new(&space, &folds, &metrics, &|_| 4, &trials);
        (view.seed, view.epoch_range, view.constraints) = (Seed(seed), (4, 4), constraints);
        let Some(job) = strategy.propose(&view).expect("jobs").into_iter().next() else { break };
        let cost = job.params.lr.log10();
        let record = Record::new(&job, Ok(vec![cost, cost]));
        trials.add(|| job.params, record);
    }
    trials
}

#[test]
fn constraints_that_make_no_sense_are_errors_before_any_training() {
    let data = corners(90, 0.8);
    let error = search(Grid).constraint("acuracy", 0.9..).fit(&data).expect_err("no metric");
    assert!(matches!(error, Error::Scoring(ScoringError::UnknownMetric { .. })), "{error}");
    assert!(error.to_string().contains("did you mean `accuracy`?"), "{error}");
    for (bounds, text) in [
        (0.9..0.5, "0.9 <= accuracy < 0.5"),
        (0.5..0.5, "0.5 <= accuracy < 0.5"),
        (f64::NAN..1.0, "NaN <= accuracy < 1"),
    ] {
        let error = search(Grid).constraint("accuracy", bounds).fit(&data).expect_err("no score meets it");
        assert_eq!(error.to_string(), format!("constraint is {text}, expected a bound that a score can meet"));
    }
    let expected = "constraint is accuracy >= 0.9, expected a strategy that does not drop candidates by the deciding metric \
                    alone, as Grid or SuccessiveHalving";
    let error = search(Race::new(Grid)).constraint(Accuracy, 0.9..).fit(&data).expect_err("a race");
    assert_eq!(error.to_string(), expected);
    let error = search(Grid.exact()).constraint(Accuracy, 0.9..).fit(&data).expect_err("exact");
    assert_eq!(error.to_string(), expected);
}
