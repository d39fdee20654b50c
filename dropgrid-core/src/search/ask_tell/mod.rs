//! Ask-and-tell: ask a strategy for a job, run the job in your own code, and tell the strategy its outcome.

mod builder;
mod trial_outcome;

pub use builder::AskTellBuilder;
pub use trial_outcome::TrialOutcome;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    fmt, mem,
    time::Duration,
};

use super::{
    outcome::entries,
    run::{Facts, OpenStudy, propose, verdicts},
};
use crate::{
    error::{AskError, Error, Result, StrategyError},
    record::{Budget, Details, Job, Record, Resource},
    report::{ErrorScore, Results},
    space::{Space, name},
    strategy::{Strategy, Trials, TypedStrategy, View},
    study::{FitName, StoredRecord},
};

/// An ask-and-tell loop over a space and a strategy. It corresponds to optuna's [ask-and-tell
/// interface](https://optuna.readthedocs.io/en/stable/tutorial/20_recipes/009_ask_and_tell.html).
///
/// | optuna | here |
/// |---|---|
/// | `study = optuna.create_study(direction="maximize")` | `let mut study = AskTell::builder(space, strategy).maximize("accuracy").start()?` |
/// | `trial = study.ask()` | `let job = study.ask()?`: a candidate, a fold and a budget |
/// | `trial.suggest_float("lr", 1e-4, 1e-1, log=True)` | `job.params.lr`: the axes stand in the struct |
/// | `study.tell(trial, accuracy)` | `study.tell(&job, accuracy)?` |
/// | `study.tell(trial, state=TrialState.FAIL)` | `study.tell(&job, TrialOutcome::failed("why"))?` |
/// | `study.best_params`, `study.best_value` | `study.best()` |
/// | `study.trials_dataframe()` | `study.results()`, with all exports |
///
/// The strategy sees the same as in a search with the same settings and records, so it proposes the same jobs. Outcomes
/// may be told in any order, and several jobs may be pending at once.
///
/// # Examples
/// The minimum of a function, by a Gaussian process:
/// ```
/// use dropgrid_core::{search::AskTell, strategy::Gp};
/// # use dropgrid_core::{Result, space::Space};
/// # fn run<S: Space>(space: S, distance: impl Fn(&S::Params) -> f64) -> Result<()> {
/// let mut study = AskTell::builder(space, Gp::new(30)).minimize("distance").seed(42).start()?;
/// while let Some(job) = study.ask()? {
///     let value = distance(&job.params);
///     study.tell(&job, value)?;
/// }
/// let (params, value) = study.best().expect("a candidate without a failure");
/// println!("{value} at {params}");
/// # Ok(())
/// # }
/// ```
pub struct AskTell<S: Space, T> {
    space: S,
    strategy: TypedStrategy<S, T>,
    facts: Facts<'static, S::Params>,
    error_score: ErrorScore,
    trials: Trials<S::Params>,
    study: OpenStudy,
    /// The records of this loop, by fit. Candidates with the same values share their records.
    told: HashMap<FitName, Record>,
    /// The jobs that the strategy has proposed and that have not been handed out, in the strategy's order.
    queue: VecDeque<NamedJob<S::Params>>,
    pending: BTreeMap<(u64, u32, Budget), NamedJob<S::Params>>,
    /// True if a record was added since the strategy was last asked.
    has_news: bool,
}

impl<S: Space, T: Strategy<S>> AskTell<S, T> {
    /// Makes the builder of a loop over `space` by `strategy`, with every setting at its default.
    pub fn builder(space: S, strategy: T) -> AskTellBuilder<S, T> {
        AskTellBuilder::new(space, strategy)
    }
}

impl<S: Space, T> AskTell<S, T> {
    /// Returns the next job. Its [budget](Job::budget) is [`Budget::Full`] unless the strategy trains candidates in
    /// part. Its fold is 0 unless the loop has [several](AskTellBuilder::folds).
    ///
    /// `None` means that the strategy has nothing to propose now. While jobs are [pending](Self::pending), it may
    /// propose more once their outcomes are told: a model-based strategy waits for the scores of all but the last few
    /// candidates.
    ///
    /// # Errors
    /// [`Error::Strategy`], and the errors of candidate names and of the study.
    pub fn ask(&mut self) -> Result<Option<Job<S::Params>>> {
        loop {
            if let Some(keyed) = self.queue.pop_front() {
                let job = keyed.job.clone();
                self.pending.insert(key(&job), keyed);
                return Ok(Some(job));
            }
            if !mem::take(&mut self.has_news) {
                return Ok(None);
            }
            self.propose()?;
        }
    }

    /// Tells the outcome of a job that [`ask`](Self::ask) returned: the score of each metric, or a
    /// [failure](TrialOutcome::failed).
    ///
    /// # Errors
    /// [`AskError`], and the errors of the study. After an error of the study the loop has the outcome, but the file
    /// does not.
    pub fn tell(&mut self, job: &Job<S::Params>, outcome: impl Into<TrialOutcome>) -> Result<()> {
        let TrialOutcome { outcome, curve } = outcome.into();
        let (&Job { candidate, fold, budget, .. }, count) = (job, self.facts.metrics.len());
        if let Some(found) = outcome.as_ref().ok().map(Vec::len).filter(|found| *found != count) {
            let metrics = self.facts.metrics.iter().map(|metric| metric.name.clone()).collect();
            return Err(Error::Ask(AskError::Scores { found, metrics }));
        }
        let Some(keyed) = self.pending.remove(&key(job)) else {
            return Err(Error::Ask(AskError::NotPending { candidate, fold, budget: budget.to_string() }));
        };
        let record = Record {
            candidate,
            fold,
            budget,
            warnings: vec![Vec::new(); outcome.as_ref().map_or(0, Vec::len)],
            outcome,
            train_scores: None,
            fit_time: Duration::ZERO,
            score_time: Duration::ZERO,
            curve,
            details: Details::default(),
        };
        // Of two jobs with the same values the first outcome counts, as in a study.
        let is_new = !self.told.contains_key(&keyed.name);
        let record = self.told.entry(keyed.name.clone()).or_insert(record).clone();
        self.add(&keyed.job, record.clone());
        if is_new { self.study.add(&StoredRecord { name: keyed.name, record }) } else { Ok(()) }
    }

    /// Iterates over the jobs that were handed out and have no outcome yet, by candidate and fold.
    pub fn pending(&self) -> impl Iterator<Item = &Job<S::Params>> {
        self.pending.values().map(|keyed| &keyed.job)
    }

    /// Returns the candidates with their records, as the strategy sees them.
    pub fn trials(&self) -> &Trials<S::Params> {
        &self.trials
    }

    /// Returns the best finished candidate and its mean score by the deciding metric. `None` means that no candidate
    /// has a score.
    pub fn best(&self) -> Option<(S::Params, f64)> {
        let results = self.results();
        let best = &results.candidates()[results.best()?];
        Some((best.params().clone(), best.mean(0)))
    }

    /// Returns every candidate with its scores, ranked as in the report of a search.
    pub fn results(&self) -> Results<S::Params> {
        let Facts { metrics, folds, constraints, epochs, rows, .. } = &self.facts;
        let verdicts = verdicts(self.strategy.get(), &self.view()).unwrap_or_default();
        let entries = entries(self.trials.clone(), verdicts, folds.len(), |params| epochs(params) as usize, *rows);
        let results = Results::new(entries, metrics.clone(), folds.clone(), self.error_score);
        results.map(|cv| cv.constrained(constraints.clone()))
    }

    /// Queues the jobs that the strategy proposes, except those with a record in this loop or its study.
    fn propose(&mut self) -> Result<()> {
        let of_strategy = |error: StrategyError| Error::Strategy {
            strategy: format!("{:?}", self.strategy),
            error: Box::new(error),
            report: None,
        };
        let jobs = {
            let queued = |number: u64| self.queue.iter().find(|keyed| keyed.job.candidate == number);
            let pending = |number: u64| {
                let pending = self.pending.range((number, 0, Budget::Epochs(std::num::NonZeroU32::MIN))..).next();
                pending.map(|(_, keyed)| keyed).filter(|keyed| keyed.job.candidate == number)
            };
            let params = |number| pending(number).or_else(|| queued(number)).map(|keyed| keyed.job.params.clone());
            let is_pending = |number, fold, budget| {
                let is_it = |keyed: &NamedJob<S::Params>| key(&keyed.job) == (number, fold, budget);
                self.pending.contains_key(&(number, fold, budget)) || self.queue.iter().any(is_it)
            };
            propose(self.strategy.get(), &self.view(), &params, &is_pending).map_err(of_strategy)?
        };
        for job in jobs {
            let resource = Resource::new((self.facts.epochs)(&job.params), job.budget);
            let name = FitName { params: name(&job.params)?, fold: job.fold, resource };
            let keyed = NamedJob { job, name };
            match self.told.get(&keyed.name).or_else(|| self.study.known(&keyed.name, false)).cloned() {
                Some(record) => self.add(&keyed.job, record),
                None => self.queue.push_back(keyed),
            }
        }
        Ok(())
    }

    fn add(&mut self, job: &Job<S::Params>, record: Record) {
        let record = Record { candidate: job.candidate, fold: job.fold, budget: job.budget, ..record };
        self.has_news |= self.trials.add(|| job.params.clone(), record);
    }

    fn view(&self) -> View<'_, S> {
        self.facts.view(&self.space, &self.trials)
    }
}

/// A job with the name of its fit in a study.
struct NamedJob<P> {
    job: Job<P>,
    name: FitName,
}

fn key<P>(job: &Job<P>) -> (u64, u32, Budget) {
    (job.candidate, job.fold, job.budget)
}

impl<S: Space, T> fmt::Debug for AskTell<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AskTell")
            .field("axes", &self.space.axes())
            .field("strategy", &self.strategy)
            .field("metrics", &self.facts.metrics)
            .field("seed", &self.facts.seed)
            .field("records", &self.trials.record_count())
            .field("pending", &self.pending.len())
            .finish_non_exhaustive()
    }
}
