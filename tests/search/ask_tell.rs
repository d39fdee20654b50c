//! Loops of one's own: the jobs of a search, in any order, with failures, and from a study.

use std::collections::{BTreeMap, HashMap};

use dropgrid::{
    Error,
    error::{AskError, ScoringError, StudyError},
    prelude::*,
    record::{Budget, Job, Record},
    report::Results,
    search::{AskTell, TrialOutcome},
    strategy::Strategy,
};

use crate::corners::corners;

#[searchable]
struct Net {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

/// The fold and the budget of a job, and its candidate as text.
type Key = (String, u32, Budget);

fn key(params: &NetParams, fold: u32, budget: Budget) -> Key {
    (params.to_string(), fold, budget)
}

/// The records of a search by job, and its results.
fn searched<T: Strategy<NetSpace>>(strategy: T) -> (HashMap<Key, Record>, Results<NetParams>) {
    let recipe = Train::adam(1e-2).epochs(9).batch_size(16);
    let search = Net::search(strategy).cv(KFold::new(3).shuffle()).train(recipe).scoring((LogLoss, Accuracy)).seed(4);
    let report = search.progress(false).cross_validate(&corners(60, 0.8)).expect("a report");
    let mut records = HashMap::new();
    for candidate in report.results().candidates() {
        for record in candidate.other_records().iter().chain(candidate.records()) {
            records.insert(key(candidate.params(), record.fold, record.budget), record.clone());
        }
    }
    (records, report.results().clone())
}

fn start<T: Strategy<NetSpace>>(strategy: T) -> dropgrid::search::AskTellBuilder<NetSpace, T> {
    AskTell::builder(Net::space(), strategy)
        .minimize("log_loss")
        .maximize("accuracy")
        .monitor("loss", Direction::Minimize)
        .folds(3)
        .epochs(9)
        .seed(4)
}

fn told(record: &Record) -> TrialOutcome {
    let monitored = record.curve.epochs.iter().filter_map(|epoch| epoch.monitored);
    TrialOutcome::from(record.outcome.clone().expect("scores")).monitored(monitored)
}

fn summary(results: &Results<NetParams>) -> Vec<(String, f64, usize, bool, Option<String>)> {
    let of = |it: &dropgrid::report::Candidate<NetParams>| {
        let out = it.elimination().map(ToString::to_string);
        (it.params().to_string(), it.mean(0), it.rank(0), it.is_finalist(), out)
    };
    results.candidates().iter().map(of).collect()
}

/// A loop that tells the search's scores runs the search's jobs, `ahead` of them at once, and has its results.
fn check<T: Strategy<NetSpace> + Clone>(strategy: &T) {
    let (records, results) = searched(strategy.clone());
    for ahead in [1, 3, 40] {
        let mut study = start(strategy.clone()).start().expect("a loop");
        let mut asked = 0;
        let mut waiting: Vec<Job<NetParams>> = Vec::new();
        loop {
            while waiting.len() < ahead
                && let Some(job) = study.ask().expect("a job")
            {
                waiting.push(job);
                asked += 1;
            }
            assert_eq!(study.pending().count(), waiting.len());
            // The last one first.
            let Some(job) = waiting.pop() else { break };
            let record = records.get(&key(&job.params, job.fold, job.budget));
            study.tell(&job, told(record.expect("a job of the search"))).expect("told");
        }
        assert_eq!(asked, records.len(), "{strategy:?}, {ahead} at once");
        assert_eq!(summary(&study.results()), summary(&results), "{strategy:?}, {ahead} at once");
        let best = results.best().map(|best| &results.candidates()[best]).map(|it| (it.params().clone(), it.mean(0)));
        assert_eq!(study.best(), best);
    }
}

#[test]
fn a_loop_has_the_jobs_of_a_search() {
    check(&Random::new(4));
    check(&Tpe::new(9).startup(3).lag(2));
    check(&Gp::new(6).startup(3));
    check(&Gp::new(8).startup(3).lag(2).fold_by_fold());
    check(&Race::new(Sobol::new(6)).alpha(0.3));
    check(&SuccessiveHalving::new(Random::new(6)).factor(3));
    check(&Asha::new(Random::new(8)));
    check(&Pruning::new(Random::new(8), MedianPruner::new().n_startup_trials(2)).lag(1));
}

/// A bowl with its minimum at a rate of 0.2 and a learning rate of 0.01.
fn bowl(params: &NetParams) -> f64 {
    (params.lr / 1e-2).log10().powi(2) + (params.dropout - 0.2).abs()
}

#[test]
fn a_model_finds_the_minimum_of_a_function() {
    let mut study = AskTell::builder(Net::space(), Gp::new(25)).seed(1).start().expect("a loop");
    while let Some(job) = study.ask().expect("a job") {
        assert_eq!((job.fold, job.budget), (0, Budget::Full));
        study.tell(&job, bowl(&job.params)).expect("told");
    }
    let (params, value) = study.best().expect("a candidate");
    assert!(value < 0.01 && params.dropout == 0.2, "{params}: {value}");
    assert_eq!(study.results().metrics()[0].name, "value");
    assert!(study.results().to_csv().contains("mean_test_value"), "{}", study.results().to_csv());
}

#[test]
fn a_model_waits_for_all_but_the_last_candidates() {
    let mut study = AskTell::builder(Net::space(), Tpe::new(9).startup(3).lag(2)).start().expect("a loop");
    let ask = |study: &mut AskTell<NetSpace, Tpe>| study.ask().expect("a job").map(|job| job.candidate);
    let first: Vec<u64> = std::iter::from_fn(|| ask(&mut study)).collect();
    // Three at Sobol points; candidate 3 looks at number 0.
    assert_eq!((first, ask(&mut study)), (vec![0, 1, 2], None));
    let zero = study.pending().next().expect("a job").clone();
    study.tell(&zero, 1.0).expect("told");
    assert_eq!((ask(&mut study), ask(&mut study)), (Some(3), None));
}

#[test]
fn failed_jobs_rank_last_and_tell_their_reason() {
    let mut study = AskTell::builder(Net::space(), Random::new(5)).start().expect("a loop");
    while let Some(job) = study.ask().expect("a job") {
        let outcome = if job.candidate % 2 == 0 { TrialOutcome::failed("too slow") } else { bowl(&job.params).into() };
        study.tell(&job, outcome).expect("told");
    }
    let results = study.results();
    assert_eq!(results.failures().map(ToString::to_string).collect::<Vec<_>>(), vec!["too slow"; 3]);
    assert!(results.candidates()[0].rank(0) > 2 && results.candidates()[1].rank(0) <= 2);
    let mut study = AskTell::builder(Net::space(), Random::new(1)).start().expect("a loop");
    assert_eq!(study.best(), None);
    let job = study.ask().expect("an answer").expect("a job");
    study.tell(&job, TrialOutcome::failed("too slow")).expect("told");
    assert_eq!((study.ask().expect("an answer"), study.best()), (None, None));
}

#[test]
fn a_loop_goes_on_from_its_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |path: Option<&std::path::Path>, most: usize| {
        let builder = AskTell::builder(Net::space(), Tpe::new(10).startup(4).lag(0)).maximize("score").folds(2).seed(8);
        let builder = path.into_iter().fold(builder, dropgrid::search::AskTellBuilder::study);
        let (mut study, mut asked) = (builder.start().expect("a loop"), 0);
        while asked < most
            && let Some(job) = study.ask().expect("a job")
        {
            study.tell(&job, -bowl(&job.params) - 0.1 * f64::from(job.fold)).expect("told");
            asked += 1;
        }
        (summary(&study.results()), asked)
    };
    let whole = run(None, usize::MAX);
    assert_eq!(whole.1, 20);
    for first in [0, 1, 7, 13, 20] {
        let path = folder.path().join(format!("{first}.study"));
        run(Some(&path), first);
        assert_eq!(run(Some(&path), usize::MAX), (whole.0.clone(), 20 - first));
        assert_eq!(run(Some(&path), usize::MAX), (whole.0.clone(), 0));
        let results = Results::of_study(&dropgrid::study::StudyFile::open(&path).expect("a file"));
        assert_eq!(results.candidates().len(), 10);
    }
    let path = folder.path().join("13.study");
    let other = AskTell::builder(Net::space(), Tpe::new(10)).maximize("score").folds(2).seed(9).study(&path).start();
    let error = other.expect_err("another seed");
    assert!(matches!(error, Error::Study(StudyError::Differs { .. })), "{error}");
    assert!(error.to_string().contains("seed was 8, is 9"), "{error}");
}

/// Two candidates of the same values have the same record, as in a study.
#[test]
fn equal_candidates_have_one_record() {
    let space = Net::space().lr([1e-3]);
    let mut study = AskTell::builder(space, Random::new(6)).start().expect("a loop");
    let mut values: BTreeMap<String, f64> = BTreeMap::new();
    let mut asked = 0;
    while let Some(job) = study.ask().expect("a job") {
        asked += 1;
        values.entry(job.params.to_string()).or_insert(f64::from(asked));
        study.tell(&job, f64::from(asked)).expect("told");
    }
    for candidate in study.results().candidates() {
        assert_eq!(candidate.mean(0), values[&candidate.params().to_string()]);
    }
}

#[test]
fn wrong_settings_and_wrong_answers_are_errors() {
    let start = || AskTell::builder(Net::space(), Random::new(2));
    let message = |error: Error| error.to_string();
    assert_eq!(message(start().folds(0).start().unwrap_err()), "folds is 0, expected at least 1");
    assert_eq!(message(start().epochs(0).start().unwrap_err()), "epochs is 0, expected at least 1");
    let twice = start().minimize("x").maximize("x").start().unwrap_err();
    assert!(matches!(twice, Error::Scoring(ScoringError::SameName { .. })), "{twice}");
    let none = AskTell::builder(Net::space(), SuccessiveHalving::new(Random::new(2)).factor(1)).start().unwrap_err();
    assert_eq!(message(none), "factor is 1, expected at least 2");

    let mut study = start().minimize("a").minimize("b").start().expect("a loop");
    let job = study.ask().expect("an answer").expect("a job");
    let error = study.tell(&job, 1.0).unwrap_err();
    assert_eq!(error.to_string(), "got 1 scores, expected 2: one for each of a, b");
    study.tell(&job, [1.0, 2.0]).expect("told");
    let error = study.tell(&job, [1.0, 2.0]).unwrap_err();
    assert!(matches!(error, Error::Ask(AskError::NotPending { candidate: 0, fold: 0, .. })), "{error}");
    let message = "candidate 0 on fold 0 for the budget `all` was not asked for, or told before: tell each job that `ask` gives \
                   once";
    assert_eq!(error.to_string(), message);
}

/// The report of one loop starts another, whose constraint decides the winner.
#[test]
fn a_loop_takes_a_warm_start_and_constraints() {
    let run = |builder: dropgrid::search::AskTellBuilder<NetSpace, Gp>| {
        let mut study = builder.minimize("distance").minimize("dropout").seed(3).start().expect("a loop");
        while let Some(job) = study.ask().expect("a job") {
            study.tell(&job, [bowl(&job.params), job.params.dropout]).expect("told");
        }
        study
    };
    let cold = run(AskTell::builder(Net::space(), Gp::new(20)));
    assert_eq!(cold.best().expect("a candidate").0.dropout, 0.2);
    let warm = run(AskTell::builder(Net::space(), Gp::new(3).lag(0)).warm_start(&cold.results()));
    assert!(warm.best().expect("a candidate").1 < 0.5, "{:?}", warm.best());
    let bounded = run(AskTell::builder(Net::space(), Gp::new(20)).constraint("dropout", ..0.1));
    assert_eq!(bounded.best().expect("a candidate").0.dropout, 0.0);
    let error = AskTell::builder(Net::space(), Gp::new(20)).constraint("drop", ..0.1).start().unwrap_err();
    assert!(matches!(error, Error::Scoring(ScoringError::UnknownMetric { .. })), "{error}");
}

#[path = "../../examples/ask_tell.rs"]
#[allow(dead_code, unreachable_pub, reason = "an example is a program of its own")]
mod example;

#[test]
fn the_example_finds_the_best_yield() {
    example::main().expect("the best yield");
}
