//! A search from beginning to end.

use std::{
    collections::BTreeMap,
    fmt,
    marker::PhantomData,
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use crate::{
    data::{Dataset, Features, Fit, Score, Target},
    engine,
    error::{self, Error, Failure, Result},
    metric::{self, MetricOf, Scoring},
    model::{Model, Network, Visitor, Weights},
    nn::{Lower, program},
    phase::check_width,
    program::Program,
    recipe::Train,
    record::{Job, Record},
    report::{Average, MetricInfo, Progress, Report, Results},
    seed::{REFIT, Seed},
    space::Space,
    split::{KFold, Rows, Split, Splitter, StratifiedKFold},
    strategy::Strategy,
    train::{FitModel, Fitted, Objective, fit, predict},
};

/// A search over the candidates of `M`: folds, metrics, training recipe and seed, then [`fit`](Self::fit).
///
/// Everything that is not said has scikit-learn's or Keras' default: 5 folds, stratified where there are classes, not
/// shuffled; accuracy for classes; Adam at 1e-3, 10 epochs, batches of 32; one worker a core; seed 0.
pub struct Search<M: Model, S, C = metric::Default> {
    space: M::Space,
    strategy: S,
    scoring: C,
    splitter: Option<Box<dyn Splitter>>,
    recipe: Train,
    seed: Seed,
    workers: Option<usize>,
    average: Average,
    progress: bool,
}

impl<M: Model, S: Strategy<M::Space>> Search<M, S> {
    /// A search with every default.
    pub fn new(strategy: S) -> Self {
        Self {
            space: M::Space::default(),
            strategy,
            scoring: metric::Default,
            splitter: None,
            recipe: Train::default(),
            seed: Seed::default(),
            workers: None,
            average: Average::default(),
            progress: true,
        }
    }
}

impl<M: Model, S: Strategy<M::Space>, C> Search<M, S, C> {
    /// Searches `space` in place of the declared one: with axes replaced or fixed.
    pub fn space(self, space: M::Space) -> Self {
        Self { space, ..self }
    }

    /// The splitter of the cross-validation.
    pub fn cv(self, splitter: impl Splitter + 'static) -> Self {
        Self { splitter: Some(Box::new(splitter)), ..self }
    }

    /// The metric, or a tuple of metrics of which the first decides.
    pub fn scoring<D>(self, scoring: D) -> Search<M, S, D> {
        let Self { space, strategy, scoring: _, splitter, recipe, seed, workers, average, progress } = self;
        Search { space, strategy, scoring, splitter, recipe, seed, workers, average, progress }
    }

    /// The training recipe. Fields of the model under `#[train]` override its settings.
    pub fn train(self, recipe: Train) -> Self {
        Self { recipe, ..self }
    }

    /// The seed of every random draw.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Seed(seed), ..self }
    }

    /// Fits side by side; the default is one a core. The results do not depend on it.
    pub fn workers(self, workers: usize) -> Self {
        Self { workers: Some(workers), ..self }
    }

    /// How a candidate's scores of several folds become one.
    pub fn average(self, average: Average) -> Self {
        Self { average, ..self }
    }

    /// Whether a progress bar is drawn where stderr is a terminal. It is by default.
    pub fn progress(self, progress: bool) -> Self {
        Self { progress, ..self }
    }

    /// Trains and scores every candidate that the strategy proposes on every fold, then trains the best on all rows.
    ///
    /// A fit that panics or diverges is recorded as failed and the search goes on.
    ///
    /// # Errors
    /// Before any training: those of the splitter, of the recipe and of the space, [`Error::InputWidth`],
    /// [`Error::NoWorkers`]. After it: [`Error::AllFitsFailed`], [`Error::NoCandidateFinished`],
    /// [`Error::RefitFailed`].
    pub fn fit<T>(self, data: &Dataset<T>) -> Result<Report<M, T>>
    where
        T: Objective<Output = M::Output>,
        C: Scoring<T::Kind>,
    {
        let start = Instant::now();
        let workers = match self.workers {
            Some(0) => return Err(Error::NoWorkers),
            Some(workers) => workers,
            None => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
        };
        self.recipe.check()?;
        self.space.check()?;
        for params in self.space.one_at_a_time() {
            M::train(&params, self.recipe.clone()).check()?;
        }
        for params in self.space.architectures() {
            M::visit(&params, CheckInput(data.features()))??;
        }
        let splitter = self.splitter.unwrap_or_else(|| default_splitter(data));
        let rows = Rows { len: data.len(), strata: data.targets().strata(), groups: data.groups() };
        let folds = splitter.split(rows, self.seed)?;
        let fits = self.strategy.plan(&self.space, folds.splits.len() as u32)?;

        let metrics = self.scoring.metrics();
        let infos: Vec<MetricInfo> =
            metrics.iter().map(|metric| MetricInfo { name: metric.name(), direction: metric.direction() }).collect();
        let weights: Vec<usize> = folds.splits.iter().map(|split| split.test.len()).collect();
        let fold_weights = self.average.weights(&weights);
        let mut progress = Progress::new(self.progress, fits, infos[0].clone(), fold_weights.clone());

        let study = Study::<M, T> {
            data,
            splits: &folds.splits,
            metrics: &metrics,
            recipe: &self.recipe,
            seed: self.seed,
            model: PhantomData,
        };
        let mut params = BTreeMap::new();
        let mut records: Vec<Record> = Vec::new();
        loop {
            let jobs = self.strategy.propose(&self.space, folds.splits.len() as u32, &records);
            if jobs.is_empty() {
                break;
            }
            engine::run(
                workers,
                &jobs,
                |job| study.run(job),
                |job, result| {
                    let record = record(job, result);
                    progress.done(&record);
                    params.entry(job.candidate).or_insert_with(|| job.params.clone());
                    records.push(record);
                },
            )?;
            records.sort_by_key(|record| (record.candidate, record.fold));
        }
        progress.finish();

        let mut by_candidate: BTreeMap<u64, Vec<Record>> = BTreeMap::new();
        for record in records {
            by_candidate.entry(record.candidate).or_default().push(record);
        }
        let candidates =
            params.into_iter().zip(by_candidate.into_values()).map(|((_, params), records)| (params, records));
        let results = Results::new(candidates, infos, &fold_weights);
        let best = results.best().ok_or_else(|| nothing_finished(&results))?;
        let fitted = study.refit(results.candidates()[best].params())?;
        Ok(Report::new(results, best, fitted, folds.warnings, start.elapsed()))
    }
}

impl<M: Model, S: fmt::Debug, C> fmt::Debug for Search<M, S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("model", &M::NAME)
            .field("axes", &self.space.axes())
            .field("strategy", &self.strategy)
            .field("splitter", &self.splitter)
            .field("recipe", &self.recipe)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// What every fit of a search shares.
struct Study<'a, M: Model, T: Objective> {
    data: &'a Dataset<T>,
    splits: &'a [Split],
    metrics: &'a [MetricOf<T::Kind>],
    recipe: &'a Train,
    seed: Seed,
    model: PhantomData<fn() -> M>,
}

impl<M: Model, T: Objective<Output = M::Output>> Study<'_, M, T> {
    fn run(&self, job: &Job<M::Params>) -> Result<Scored, Failure> {
        let split = &self.splits[job.fold as usize];
        let recipe = M::train(&job.params, self.recipe.clone());
        let fold = FitFold {
            recipe: &recipe,
            fit: Fit::new(self.data, &split.train),
            score: Score::new(self.data, &split.test),
            metrics: self.metrics,
            seed: self.seed,
            fold: job.fold,
        };
        M::visit(&job.params, fold).map_err(build_failure)?
    }

    /// Trains `params` on all rows, on a worker of its own like every other fit.
    fn refit(&self, params: &M::Params) -> Result<Fitted<M, T>> {
        let rows: Vec<usize> = (0..self.data.len()).collect();
        let recipe = M::train(params, self.recipe.clone());
        let mut outcome = None;
        engine::run(
            1,
            &[()],
            |()| {
                let view = Fit::new(self.data, &rows);
                let visitor = FitModel { params, recipe: &recipe, view, seed: self.seed, fold: REFIT };
                M::visit(params, visitor).map_err(build_failure)?
            },
            |(), fitted| outcome = Some(fitted),
        )?;
        let lost = Failure::Panicked { message: "the worker ended without a result".to_owned() };
        outcome.unwrap_or(Err(lost)).map_err(|failure| Error::RefitFailed { params: params.to_string(), failure })
    }
}

/// The scores of one fit and what they took.
struct Scored {
    scores: Vec<f64>,
    fit_time: Duration,
    score_time: Duration,
}

/// Trains a candidate on one view of a fold and scores it on the other.
struct FitFold<'a, T: Objective> {
    recipe: &'a Train,
    fit: Fit<'a, T>,
    score: Score<'a, T>,
    metrics: &'a [MetricOf<T::Kind>],
    seed: Seed,
    fold: u32,
}

impl<M: Model, T: Objective<Output = M::Output>> Visitor<M> for FitFold<'_, T> {
    type Value = Result<Scored, Failure>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Weights) -> Result<N>) -> Self::Value {
        self.run(build, None)
    }

    fn visit_lowered<N>(self, build: impl FnOnce(&Weights) -> Result<N>) -> Self::Value
    where
        N: Network<Output = M::Output> + Lower,
    {
        self.run(build, Some(program::<N>))
    }
}

impl<T: Objective> FitFold<'_, T> {
    fn run<N: Network<Output = T::Output>>(
        self,
        build: impl FnOnce(&Weights) -> Result<N>,
        lower: Option<fn(&N) -> Program>,
    ) -> Result<Scored, Failure> {
        let start = Instant::now();
        let mut network = build(&Weights::of_fold(self.seed, self.fold)).map_err(build_failure)?;
        fit::<T, N>(&mut network, self.recipe, &self.fit, self.seed, self.fold, lower)?;
        let fit_time = start.elapsed();

        let start = Instant::now();
        let (data, rows) = (self.score.data(), self.score.rows());
        let predictions = predict::<T, N>(&network, data.features(), rows)?;
        let scores = data.targets().scores(self.metrics, rows, &predictions).map_err(build_failure)?;
        if let Some(at) = scores.iter().position(|score| !score.is_finite()) {
            return Err(Failure::NonFiniteScore { metric: self.metrics[at].name(), value: scores[at] });
        }
        Ok(Scored { scores, fit_time, score_time: start.elapsed() })
    }
}

/// Checks that rows of the data have the length that an architecture takes.
struct CheckInput<'a>(&'a Features);

impl<M: Model> Visitor<M> for CheckInput<'_> {
    type Value = Result<()>;

    fn visit<N: Network<Output = M::Output>>(self, _build: impl FnOnce(&Weights) -> Result<N>) -> Self::Value {
        check_width::<N::Sample>(self.0)
    }
}

fn record<P>(job: &Job<P>, result: Result<Scored, Failure>) -> Record {
    let (outcome, fit_time, score_time) = match result {
        Ok(Scored { scores, fit_time, score_time }) => (Ok(scores), fit_time, score_time),
        Err(failure) => (Err(failure), Duration::ZERO, Duration::ZERO),
    };
    Record { candidate: job.candidate, fold: job.fold, outcome, fit_time, score_time }
}

fn build_failure(error: Error) -> Failure {
    match error {
        Error::Fit(failure) => failure,
        error => Failure::Build { message: error.to_string() },
    }
}

fn default_splitter<T: Target>(data: &Dataset<T>) -> Box<dyn Splitter> {
    match data.targets().strata() {
        Some(_) => Box::new(StratifiedKFold::new(5)),
        None => Box::new(KFold::new(5)),
    }
}

/// The error of a search in which no candidate has a mean score.
fn nothing_finished<P>(results: &Results<P>) -> Error {
    let (fits, failed) = (results.fits(), results.failures().count());
    let reasons = error::group(results.failures());
    if failed == fits {
        Error::AllFitsFailed { fits, reasons }
    } else {
        Error::NoCandidateFinished { failed, fits, reasons }
    }
}
