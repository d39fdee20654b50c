//! Every setting of every strategy at its worst, on spaces and scores at theirs: a typed error before any fit, or a
//! search that ends with a right result. Nothing is trained.

mod settings;

use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
};

use dropgrid::{
    error::Failure,
    metric::Direction,
    record::{FoldInfo, MetricInfo, Record},
    seed::Seed,
    space::Space,
    strategy::Trials,
};

use super::{
    models::{Conditional, ConditionalSpace, Mixed, Plane, Whole},
    *,
};
use settings::{Strategies, droppers, finite, models, rungs, sources};

/// What fits give: a score by a hash of the candidate, or something worse.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scores {
    Good,
    Equal,
    Nan,
    Failed,
    /// NaN of every whole training, and scores of shorter ones.
    NanAtTheEnd,
    Infinite,
    Huge,
}

#[derive(Debug, Clone, Copy)]
struct Scene {
    scores: Scores,
    direction: Direction,
    folds: u32,
    weight: f64,
    epochs: u32,
    rows: usize,
    error_score: f64,
}

const PLAIN: Scene = Scene {
    scores: Scores::Good,
    direction: Direction::Maximize,
    folds: 3,
    weight: 1.0,
    epochs: 27,
    rows: 90,
    error_score: f64::NAN,
};

fn scenes() -> Vec<Scene> {
    let scores = [Scores::Equal, Scores::Nan, Scores::Failed, Scores::NanAtTheEnd, Scores::Infinite, Scores::Huge];
    let mut scenes: Vec<Scene> = scores.into_iter().map(|scores| Scene { scores, ..PLAIN }).collect();
    let minimized = Scene { direction: Direction::Minimize, ..PLAIN };
    scenes.extend([
        PLAIN,
        minimized,
        Scene { scores: Scores::Failed, error_score: -1.0, ..minimized },
        Scene { folds: 1, ..PLAIN },
        Scene { weight: 0.0, ..PLAIN },
        Scene { weight: f64::MIN_POSITIVE, folds: 5, ..minimized },
        Scene { epochs: 1, rows: 4, ..PLAIN },
        Scene { rows: usize::MAX >> 12, epochs: 10_000, ..PLAIN },
    ]);
    scenes
}

impl Scene {
    fn record<P: ToString>(&self, job: &Job<P>) -> Record {
        let text = job.params.to_string();
        let hash = text.bytes().fold(7_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let score = (hash >> 40) as f64 / (1_u64 << 24) as f64 + 0.01 * f64::from(job.fold);
        let score = match self.scores {
            Scores::Equal => 0.5,
            Scores::Nan => f64::NAN,
            Scores::NanAtTheEnd if job.budget == Budget::Full => f64::NAN,
            Scores::Infinite => [f64::INFINITY, f64::NEG_INFINITY][hash as usize % 2],
            Scores::Huge => score * f64::MAX * if hash.is_multiple_of(2) { 1.0 } else { -1.0 },
            _ => score,
        };
        let failed = || Failure::Panicked { message: "it fails".to_owned() };
        let outcome = if self.scores == Scores::Failed { Err(failed()) } else { Ok(vec![score]) };
        let count = if let Budget::Epochs(epochs) = job.budget { epochs.get() } else { self.epochs };
        let epoch = |number: usize| Epoch::new(number, 0.0).with_monitored(score / number as f64);
        let curve = if outcome.is_ok() { (1..=count.min(40) as usize).map(epoch).collect() } else { Vec::new() };
        let mut record = Record::new(job, outcome);
        record.curve = curve.into_iter().collect();
        record
    }

    /// Runs a strategy to its end, or through so many fits, and checks what it proposes and reports. Returns false
    /// where its settings are an error.
    fn attack<S: Space>(&self, strategy: &dyn Strategy<S>, space: &S, most: usize) -> bool {
        let folds = vec![FoldInfo::new(self.rows / 3 * 2, self.rows / 3).with_weight(self.weight); self.folds as usize];
        let metrics = [MetricInfo::new("score", self.direction)];
        let mut trials: Trials<S::Params> = Trials::new(&folds, self.error_score);
        let epochs = |_: &S::Params| self.epochs;
        let mut planned = None;
        for proposal in 0.. {
            let mut view = View::new(space, &folds, &metrics, &epochs, &trials);
            view.best_score = Some(if self.direction == Direction::Maximize { 1.1 } else { 0.0 });
            (view.error_score, view.rows, view.classes) = (self.error_score, self.rows, Some(2));
            (view.seed, view.epoch_range) = (Seed(u64::MAX), (self.epochs, self.epochs));
            if proposal == 0 {
                let Ok(count) = strategy.count(&view) else { return false };
                planned = count;
                let _ = strategy.warning(&view);
            }
            let jobs = strategy.propose(&view).expect("jobs of settings that are no error");
            let jobs = self.checked(&view, jobs, most);
            if jobs.is_empty() || trials.record_count() >= most {
                self.check_end(strategy, &view, jobs.is_empty().then_some(planned).flatten());
                return true;
            }
            for job in jobs {
                let record = self.record(&job);
                trials.add(|| job.params, record);
            }
        }
        unreachable!("each proposal has a new job")
    }

    /// The first jobs without a record: distinct ones, of candidates of the space, each with a number of its own.
    fn checked<S: Space>(&self, view: &View<'_, S>, mut jobs: Vec<Job<S::Params>>, most: usize) -> Vec<Job<S::Params>> {
        jobs.retain(|job| {
            view.trials.get(job.candidate).is_none_or(|trial| trial.record(job.fold, job.budget).is_none())
        });
        jobs.truncate(most);
        let mut seen = HashSet::new();
        let mut texts: HashMap<String, u64> =
            view.trials.iter().map(|trial| (trial.params.to_string(), trial.number)).collect();
        for job in &jobs {
            assert!(job.fold < self.folds && seen.insert((job.candidate, job.fold, job.budget)), "{job:?}");
            assert!(view.space.positions_of(&job.params).is_some(), "{job:?} is of another space");
            let number = *texts.entry(job.params.to_string()).or_insert(job.candidate);
            assert_eq!(number, job.candidate, "a candidate is tried twice: {job:?}");
            if let Budget::Epochs(epochs) = job.budget {
                assert!(epochs.get() < self.epochs, "{job:?}");
            }
        }
        jobs
    }

    fn check_end<S: Space>(&self, strategy: &dyn Strategy<S>, view: &View<'_, S>, planned: Option<usize>) {
        let (finalists, eliminations) = (strategy.finalists(view), strategy.eliminations(view));
        let _ = strategy.iterations(view);
        assert!(finalists.is_sorted() && finalists.iter().all(|&number| view.trials.get(number).is_some()));
        let eliminated: HashSet<u64> = eliminations.iter().map(|it| it.candidate).collect();
        assert_eq!(eliminated.len(), eliminations.len(), "eliminated twice");
        assert!(eliminated.iter().all(|&number| view.trials.get(number).is_some()));
        assert!(finalists.iter().all(|number| !eliminated.contains(number)), "{finalists:?} and {eliminated:?}");
        if let Some(planned) = planned.filter(|_| self.scores == Scores::Good) {
            assert!(view.trials.record_count() <= planned, "{} of {planned}", view.trials.record_count());
        }
        // Where any candidate has a finite score on all folds, one of these wins.
        let is_able = |number: &u64| {
            let trial = view.trials.get(*number).expect("a candidate");
            let mut budgets: Vec<Budget> = trial.records().iter().map(|record| record.budget).collect();
            budgets.dedup();
            budgets.last().and_then(|&budget| trial.score(budget)).is_some_and(f64::is_finite)
        };
        let all: Vec<u64> = view.trials.iter().map(|trial| trial.number).collect();
        let is_whole = view.trials.iter().any(|trial| trial.is_done(Budget::Full));
        if self.scores == Scores::Good && is_whole && all.iter().any(is_able) {
            assert!(finalists.iter().any(is_able), "no winner among {finalists:?}");
        }
    }
}

/// Attacks strategies, and collects what they say.
fn attack_all<S: Space>(space: &S, strategies: &[Box<dyn Strategy<S>>], scenes: &[Scene], most: usize) -> usize {
    let (mut faults, mut ran) = (Vec::new(), 0);
    for strategy in strategies {
        for scene in scenes {
            match catch_unwind(AssertUnwindSafe(|| scene.attack(strategy.as_ref(), space, most))) {
                Ok(has_run) => ran += usize::from(has_run),
                Err(panic) => {
                    let text = panic.downcast_ref::<String>().cloned();
                    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                    faults.push(format!("{strategy:?} in {scene:?}: {}", text.unwrap_or_default()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    ran
}

#[test]
fn settings_at_their_worst_are_errors_or_searches() {
    let space = small();
    let mut all: Strategies<NetSpace> = vec![Box::new(Grid), Box::new(Grid.exact())];
    all.extend(rungs(Grid));
    all.extend(droppers(Grid));
    let ran = attack_all(&space, &all, &[PLAIN], 400);
    assert!(ran > 100 && ran < all.len(), "{ran} of {} have run", all.len());
    let some: Strategies<NetSpace> = rungs(Random::new(9)).into_iter().step_by(11).chain(finite()).collect();
    attack_all(&space, &some, &scenes(), 120);
    attack_all(&space, &sources(&[0, 1, 9, usize::MAX]), &scenes(), 60);
}

#[test]
fn models_at_their_worst_are_errors_or_searches() {
    attack_all(&small(), &models(), &[PLAIN], 24);
    let some = || models().into_iter().step_by(13).collect::<Strategies<NetSpace>>();
    attack_all(&small(), &some(), &scenes(), 18);
}

#[test]
fn strategies_search_spaces_of_every_kind() {
    let failed = Scene { scores: Scores::Failed, direction: Direction::Minimize, ..PLAIN };
    let scenes = [PLAIN, failed];
    fn some<S: Space>() -> Strategies<S> {
        sources(&[0, 9]).into_iter().chain(models().into_iter().step_by(13)).collect()
    }
    attack_all(&Plane::space(), &some(), &scenes, 24);
    attack_all(&Mixed::space(), &some(), &scenes, 24);
    attack_all(&Conditional::space(), &some::<ConditionalSpace>(), &scenes, 24);
    attack_all(&Whole::space(), &some(), &scenes, 60);
    let single = Net::space().dropout([0.1]).lr([1e-2]);
    attack_all(&single, &some().into_iter().chain(finite()).collect::<Vec<_>>(), &scenes, 60);
    // A list that its rule leaves empty.
    let empty = Mixed::space().kind(['c']).width([64]);
    assert_eq!(attack_all(&empty, &some(), &scenes, 60), 0, "an empty space has run");
}
