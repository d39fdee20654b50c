//! Warm starts from other searches: what a model makes of them, the same bits, and mismatches.

use dropgrid::{
    Error,
    error::{ScoringError, SpaceError, StudyError},
    metric::Direction,
    prelude::*,
    record::{FoldInfo, MetricInfo, Record},
    search::Search,
    seed::Seed,
    split::Warning,
    strategy::{PriorStudy, Strategy, Trials, View},
    study::StudyFile,
};

use crate::corners::corners;

#[searchable]
struct Net {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0, 0.2, 0.4)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[log_uniform(1e-5..1e0)]
    lr: f64,
}

/// A bowl with its minimum at a rate of 0.2 and a learning rate of 0.02.
fn bowl(params: &NetParams) -> f64 {
    (params.lr / 2e-2).log10().powi(2) + 5.0 * (params.dropout - 0.2).abs()
}

/// The candidates of a search of the bowl on two folds, one after the other.
fn candidates(strategy: &dyn Strategy<NetSpace>, seed: u64, priors: &[PriorStudy<NetParams>]) -> Vec<NetParams> {
    candidates_after(strategy, seed, priors, &[])
}

/// The same with candidates that are tried first.
fn candidates_after(
    strategy: &dyn Strategy<NetSpace>,
    seed: u64,
    priors: &[PriorStudy<NetParams>],
    enqueued: &[NetParams],
) -> Vec<NetParams> {
    let folds = vec![FoldInfo::new(40, 20); 2];
    let loss = MetricInfo::new("loss", Direction::Minimize);
    let (space, mut trials) = (Net::space(), Trials::new(&folds, f64::NAN));
    loop {
        let mut view = View::new(&space, &folds, std::slice::from_ref(&loss), &|_| 5, &trials);
        (view.seed, view.epoch_range) = (Seed(seed), (5, 5));
        (view.priors, view.enqueued) = (priors, enqueued);
        let Some(job) = strategy.propose(&view).expect("jobs").into_iter().next() else { break };
        let score = bowl(&job.params) + 0.01 * f64::from(job.fold);
        let record = Record::new(&job, Ok(vec![score]));
        trials.add(|| job.params, record);
    }
    trials.iter().map(|trial| trial.params.clone()).collect()
}

/// The bowl of other data, where every score is larger and their differences are, and of another direction.
fn prior(direction: Direction, count: u64) -> PriorStudy<NetParams> {
    let trial = |number: u64| {
        let params =
            dropgrid::space::sample(&Net::space(), Seed(7).key(dropgrid::seed::Purpose::Proposal).candidate(number));
        let params = params.expect("a candidate");
        let score = 50.0 + 30.0 * bowl(&params);
        (params, vec![if direction == Direction::Minimize { score } else { -score }])
    };
    PriorStudy::new(direction, (0..count).map(trial).collect(), vec![2.0])
}

#[test]
fn a_model_begins_where_the_other_search_was_good() {
    for direction in [Direction::Minimize, Direction::Maximize] {
        let priors = [prior(direction, 40)];
        // The mean of what the first eight candidates lack, over seeds.
        let lack = |strategy: &dyn Fn(u64) -> Vec<NetParams>| {
            let of_seed = |seed| strategy(seed).iter().map(bowl).sum::<f64>() / 8.0;
            (0..6).map(of_seed).sum::<f64>() / 6.0
        };
        let cold = lack(&|seed| candidates(&Gp::new(8).lag(0), seed, &[]));
        let warm = lack(&|seed| candidates(&Gp::new(8).lag(0), seed, &priors));
        assert!(warm < 0.5 * cold, "Gp, {direction:?}: {warm}, and {cold} without");
        let cold = lack(&|seed| candidates(&Tpe::new(8).lag(0), seed, &[]));
        let warm = lack(&|seed| candidates(&Tpe::new(8).lag(0), seed, &priors));
        assert!(warm < 0.8 * cold, "Tpe, {direction:?}: {warm}, and {cold} without");
    }
}

/// Scores are compared within their study: another unit changes nothing but rounding.
#[test]
fn the_unit_of_the_other_search_does_not_matter() {
    let study = prior(Direction::Minimize, 30);
    // A power of two scales without rounding.
    let scale =
        |(params, scores): &(NetParams, Vec<f64>)| (params.clone(), scores.iter().map(|it| 1024.0 * it).collect());
    let scaled = PriorStudy::new(study.direction, study.trials.iter().map(scale).collect(), study.weights.clone());
    let run = |study: PriorStudy<NetParams>| candidates(&Tpe::new(10).lag(0), 3, &[study]);
    assert_eq!(run(study), run(scaled));
}

fn search<M: Model, S: Strategy<M::Space>>(search: Search<M, S>) -> Search<M, S, (Accuracy, LogLoss)> {
    let recipe = Train::adam(1e-2).epochs(4).batch_size(16);
    search.scoring((Accuracy, LogLoss)).cv(KFold::new(3).shuffle()).train(recipe).seed(4).progress(false)
}

#[test]
fn a_warm_start_has_the_same_bits_on_any_number_of_workers_and_from_its_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("first.study"), folder.path().join("second.study"));
    let january =
        search(Net::search(Random::new(12))).study(&first).cross_validate(&corners(60, 0.8)).expect("a report");
    let data = corners(90, 0.6);
    let run = || search(Net::search(Gp::new(6).lag(1)));
    let cold = run().cross_validate(&data).expect("a report");
    let warm = run().warm_start(&january).workers(1).cross_validate(&data).expect("a report");
    assert_ne!(warm.digest(), cold.digest());
    let same = run().warm_start(january.results()).workers(3).study(&second).cross_validate(&data).expect("a report");
    assert_eq!(same.digest(), warm.digest());
    let file = StudyFile::open(&first).expect("a file");
    let of_file = run().warm_start(&file).cross_validate(&data).expect("a report");
    assert_eq!(of_file.digest(), warm.digest(), "the file has the trials of the report");
    assert!(warm.warnings().iter().all(|warning| !matches!(warning, Warning::Prior { .. })));
    // The study knows it.
    let again = run().warm_start(&january).study(&second).cross_validate(&data).expect("a report");
    assert_eq!(again.digest(), warm.digest());
    let error = run().study(&second).cross_validate(&data).expect_err("without it");
    assert!(matches!(error, Error::Study(StudyError::Differs { .. })), "{error}");
    assert!(error.to_string().contains("warm start was 12 trials"), "{error}");
}

/// The axes of another model: one more, and one under another name.
#[searchable]
struct Other {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[log_uniform(1e-4..1e0)]
    lr: f64,
    #[train]
    #[grid(0.0, 1e-3)]
    weight_decay: f64,
}

#[searchable]
struct Less {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

#[test]
fn spaces_that_overlap_share_what_they_have_and_the_report_says_so() {
    let data = corners(60, 0.8);
    let other = search(Other::search(Random::new(20))).cross_validate(&data).expect("a report");
    let is_ours = |rate: f64| [0.0, 0.2].contains(&rate);
    let outside = other.results().candidates().iter().filter(|it| !is_ours(it.params().dropout)).count();
    assert!(outside > 0 && outside < 20, "{outside}");
    let report = search(Net::search(Tpe::new(3))).warm_start(&other).cross_validate(&data).expect("a report");
    let expected = Warning::Prior { candidates: 20, outside, extra: vec!["weight_decay".to_owned()] };
    assert!(report.warnings().contains(&expected), "{:?}", report.warnings());
    let said = format!(
        "{outside} of the 20 candidates of the search to start from are not in this space, and `weight_decay` is no axis of it"
    );
    assert!(report.to_string().contains(&said), "{report}");
}

#[test]
fn mismatches_are_errors_before_any_training() {
    let data = corners(60, 0.8);
    let less = search(Less::search(Grid)).cross_validate(&data).expect("a report");
    let error = search(Net::search(Gp::new(3))).warm_start(&less).cross_validate(&data).expect_err("no lr");
    assert!(matches!(error, Error::Space(SpaceError::PriorAxes { .. })), "{error}");
    assert_eq!(error.to_string(), "the search to start from has no `lr`: its hyperparameters are `dropout`");
    let space = Net::space().dropout([0.4]);
    let january = search(Net::search(Random::new(3))).space(space).cross_validate(&data).expect("a report");
    let here = search(Net::search(Gp::new(3))).space(Net::space().dropout([0.0]));
    let error = here.warm_start(&january).cross_validate(&data).expect_err("nothing in common");
    assert!(matches!(error, Error::Space(SpaceError::PriorCandidates { candidates: 3 })), "{error}");
    let error = search(Net::search(Random::new(3))).warm_start(&january).cross_validate(&data).expect_err("no model");
    let (begin, end) =
        ("warm_start is given to Random {", "}, expected a strategy with a model of scores: Gp, Tpe or Auto");
    let said = error.to_string();
    assert!(said.starts_with(begin) && said.ends_with(end), "{said}");
    let f1 = Net::search(Gp::new(3)).scoring(F1::averaged(Averaging::Macro)).warm_start(&january).cross_validate(&data);
    let error = f1.expect_err("another metric");
    assert!(matches!(error, Error::Scoring(ScoringError::UnknownMetric { .. })), "{error}");
}

#[test]
fn enqueued_candidates_come_first_and_the_model_learns_from_them() {
    let params = |dropout, lr| NetParams { dropout, lr };
    let enqueued = [params(0.2, 0.02), params(0.4, 1e-5), params(0.0, 0.1)];
    for strategy in [&Gp::new(8).lag(0) as &dyn Strategy<NetSpace>, &Tpe::new(8).lag(2), &Auto::new(8)] {
        let with = candidates_after(strategy, 1, &[], &enqueued);
        let without = candidates(strategy, 1, &[]);
        assert_eq!((&with[..3], with.len()), (&enqueued[..], 8));
        // The Sobol points follow from the first one on.
        assert_eq!(with[3..], without[..5]);
    }
    let data = corners(60, 0.8);
    let run = || search(Net::search(Gp::new(5).startup(3))).enqueue(enqueued.clone());
    let report = run().workers(1).cross_validate(&data).expect("a report");
    let tried: Vec<&NetParams> =
        report.results().candidates().iter().map(dropgrid::report::Candidate::params).collect();
    assert_eq!(tried[..3], enqueued.iter().collect::<Vec<_>>());
    assert_eq!(run().workers(3).cross_validate(&data).expect("a report").digest(), report.digest());
}

#[test]
fn enqueued_candidates_are_checked() {
    let data = corners(60, 0.8);
    let params = NetParams { dropout: 0.3, lr: 0.02 };
    let error =
        search(Net::search(Gp::new(3))).enqueue([params.clone()]).cross_validate(&data).expect_err("no candidate");
    assert_eq!(error.to_string(), "NetParams { dropout: 0.3, lr: 0.02 } is not in this space");
    let params = NetParams { dropout: 0.2, ..params };
    let twice = search(Net::search(Gp::new(3))).enqueue([params.clone(), params.clone()]).cross_validate(&data);
    assert!(matches!(twice.expect_err("twice"), Error::Name(_)));
    let error = search(Net::search(Random::new(3))).enqueue([params]).cross_validate(&data).expect_err("no model");
    assert!(error.to_string().starts_with("enqueue is given to Random {"), "{error}");
}
