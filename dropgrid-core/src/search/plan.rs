//! What a search does with one data set.

use std::{
    collections::{BTreeMap, HashMap},
    marker::PhantomData,
    num::NonZeroUsize,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use super::{Settings, fingerprint, shelf::Shelf};
use crate::{
    data::{Dataset, Features, Fit, Score, Target, Truth},
    engine,
    error::{self, Error, Failure, Result},
    metric::{Measured, MetricOf},
    model::{Model, Network, Visitor, Weights, parameters},
    nn::{Lower, program},
    phase::check_width,
    program::Program,
    recipe::Train,
    record::{Job, Record},
    report::{ErrorScore, FoldInfo, MetricInfo, Progress, Report, Results},
    seed::{REFIT, Seed},
    space::{Params, Space},
    split::{Folds, KFold, Rows, Split, Splitter, StratifiedKFold},
    strategy::Strategy,
    study::{Identity, Study},
    train::{FitModel, Fitted, Objective, fit, predict},
};

/// Changes with any release whose training gives other bits, so that a study does not mix them.
const ARITHMETIC: u32 = 1;

/// A search that knows its metrics; it can be run on several data sets.
pub(super) struct Plan<'a, M: Model, S, K: Truth> {
    pub(super) space: &'a M::Space,
    pub(super) strategy: &'a S,
    pub(super) metrics: &'a [MetricOf<K>],
    pub(super) settings: &'a Settings<M::Params>,
    pub(super) seed: Seed,
    pub(super) study: Option<Study>,
}

impl<M: Model, S: Strategy<M::Space>, K: Truth> Plan<'_, M, S, K> {
    /// Searches, then trains the chosen candidate on all rows.
    pub(super) fn fit<T: Objective<Output = M::Output, Kind = K>>(&self, data: &Dataset<T>) -> Result<Report<M, T>> {
        let start = Instant::now();
        let (results, best, folds) = self.search(data)?;
        let mut sizes = HashMap::new();
        let chosen = self.settings.refit.choose(&results, best, &mut |params| self.size(&mut sizes, params));
        let candidates = results.candidates().len();
        if chosen >= candidates {
            return Err(Error::NoSuchCandidate { chosen, candidates });
        }
        let fitted = self.fits(data, &folds.splits).refit(results.candidates()[chosen].params())?;
        Ok(Report::new(results, chosen, fitted, folds.warnings, start.elapsed()))
    }

    /// Searches, and trains nothing on all rows.
    pub(super) fn evaluate<T: Objective<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
    ) -> Result<Report<M, T, ()>> {
        let start = Instant::now();
        let (results, best, folds) = self.search(data)?;
        Ok(Report::new(results, best, (), folds.warnings, start.elapsed()))
    }

    /// Everything that can be wrong before any training, and the folds.
    pub(super) fn check<T: Objective<Output = M::Output, Kind = K>>(&self, data: &Dataset<T>) -> Result<Folds> {
        let recipe = &self.settings.recipe;
        self.workers()?;
        recipe.check()?;
        self.space.check()?;
        for params in self.space.one_at_a_time() {
            M::train(&params, recipe.clone()).check()?;
        }
        for params in self.space.architectures() {
            M::visit(&params, CheckInput(data.features()))??;
        }
        for params in self.strategy.listed() {
            self.check_candidate(data, params)?;
        }
        for metric in self.metrics {
            metric.check(data.targets().width())?;
        }
        self.folds(data)
    }

    /// What can be wrong with one candidate that is not from the axes.
    pub(super) fn check_candidate<T: Target>(&self, data: &Dataset<T>, params: &M::Params) -> Result<()> {
        M::train(params, self.settings.recipe.clone()).check()?;
        M::visit(params, CheckInput(data.features()))??;
        parameters::<M>(params).map(drop)
    }

    pub(super) fn folds<T: Target>(&self, data: &Dataset<T>) -> Result<Folds> {
        let rows = Rows { len: data.len(), strata: data.targets().strata(), groups: data.groups() };
        match &self.settings.splitter {
            Some(splitter) => splitter.split(rows, self.seed),
            None if rows.strata.is_some() => StratifiedKFold::new(5).split(rows, self.seed),
            None => KFold::new(5).split(rows, self.seed),
        }
    }

    pub(super) fn workers(&self) -> Result<usize> {
        match self.settings.workers {
            Some(0) => Err(Error::NoWorkers),
            Some(workers) => Ok(workers),
            None => Ok(std::thread::available_parallelism().map_or(1, NonZeroUsize::get)),
        }
    }

    pub(super) fn infos(&self) -> Vec<MetricInfo> {
        let info = |metric: &MetricOf<K>| MetricInfo { name: metric.name(), direction: metric.direction() };
        self.metrics.iter().map(info).collect()
    }

    pub(super) fn fits<'b, T: Objective<Output = M::Output, Kind = K>>(
        &'b self,
        data: &'b Dataset<T>,
        splits: &'b [Split],
    ) -> Fits<'b, M, T> {
        Fits {
            data,
            splits,
            metrics: self.metrics,
            recipe: &self.settings.recipe,
            seed: self.seed,
            train_scores: self.settings.train_scores,
            model: PhantomData,
        }
    }

    /// The mean of several folds' scores, as the search averages them.
    pub(super) fn fold_infos(&self, splits: &[Split]) -> Vec<FoldInfo> {
        let sizes = splits.iter().map(|split| (split.train.len(), split.test.len()));
        sizes.map(|(train, test)| FoldInfo { train, test, weight: self.settings.average.weight(test) }).collect()
    }

    /// The results, the number of the best candidate, and the folds.
    fn search<T: Objective<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
    ) -> Result<(Results<M::Params>, usize, Folds)> {
        let folds = self.check(data)?;
        let count = folds.splits.len() as u32;
        let fits = self.strategy.plan(self.space, count)?;
        let (infos, fold_infos) = (self.infos(), self.fold_infos(&folds.splits));
        let weights = fold_infos.iter().map(|fold| fold.weight).collect();
        let mut progress = Progress::new(self.settings.progress, fits, infos[0].clone(), weights);

        let fits_of = self.fits(data, &folds.splits);
        let mut shelf = self.shelf(data, &folds)?;
        let mut params = BTreeMap::new();
        let mut records: Vec<Record> = Vec::new();
        let mut unkept = Ok(());
        loop {
            let jobs = self.strategy.propose(self.space, count, &records);
            if jobs.is_empty() {
                break;
            }
            let mut missing = Vec::new();
            for job in jobs {
                params.entry(job.candidate).or_insert_with(|| job.params.clone());
                match shelf.take(&job) {
                    Some(record) => {
                        progress.done(&record);
                        records.push(record);
                    }
                    None => missing.push(job),
                }
            }
            engine::run_in_groups(
                self.workers()?,
                &groups::<M>(missing, &self.settings.recipe),
                |group| Ok(fits_of.run(group)),
                |results| {
                    let finished: Vec<(&Job<M::Params>, Record)> = results
                        .into_iter()
                        .flat_map(|(group, outcome)| {
                            let failed = |failure: Failure| {
                                group.iter().map(|_| Ran::failed(failure.clone(), Duration::ZERO)).collect()
                            };
                            let ran: Vec<Ran> = outcome.unwrap_or_else(failed);
                            group.iter().zip(ran).map(|(job, ran)| (job, ran.record(job)))
                        })
                        .collect();
                    // A fit counts as finished once it is durable.
                    unkept = shelf.keep(&finished);
                    let mut stop = unkept.is_err();
                    for (_, record) in finished {
                        stop |= self.settings.error_score == ErrorScore::Raise && record.outcome.is_err();
                        progress.done(&record);
                        records.push(record);
                    }
                    if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            )?;
            std::mem::replace(&mut unkept, Ok(()))?;
            records.sort_by_key(|record| (record.candidate, record.fold));
            if self.settings.error_score == ErrorScore::Raise {
                raise(&records, &params)?;
            }
        }
        progress.finish();

        let mut by_candidate: BTreeMap<u64, Vec<Record>> = BTreeMap::new();
        for record in records {
            by_candidate.entry(record.candidate).or_default().push(record);
        }
        let candidates =
            params.into_iter().zip(by_candidate.into_values()).map(|((_, params), records)| (params, records));
        let results = Results::new(candidates, infos, fold_infos, self.settings.error_score);
        let best = results.best().ok_or_else(|| nothing_finished(&results))?;
        Ok((results, best, folds))
    }

    /// What the search's study keeps, after it has been found to be the study of this search.
    fn shelf<T: Objective<Output = M::Output, Kind = K>>(&self, data: &Dataset<T>, folds: &Folds) -> Result<Shelf> {
        let Some(study) = &self.study else { return Ok(Shelf::nothing()) };
        let metrics: Vec<String> = self.infos().into_iter().map(|info| info.name).collect();
        let axes = self.space.axes().into_iter().map(|axis| format!("{} in {}", axis.name, axis.values));
        let identity = Identity::new()
            .with("model", format!("{} {{ {} }}", M::NAME, M::LAYERS))
            .with("space", axes.collect::<Vec<_>>().join("; "))
            .with("metrics", metrics.join(", "))
            .with("data", fingerprint::of_data(data))
            .with("folds", fingerprint::of_folds(&folds.splits))
            .with("recipe", format!("{:?}", self.settings.recipe))
            .with("train scores", if self.settings.train_scores { "yes" } else { "no" })
            .with("seed", self.seed.0.to_string())
            .with("arithmetic", ARITHMETIC.to_string());
        Shelf::open(study, &identity)
    }

    /// The trainable parameters of a candidate, built once an architecture.
    fn size(&self, known: &mut HashMap<String, usize>, params: &M::Params) -> usize {
        let axes = self.space.axes();
        let architecture: Vec<String> = axes
            .iter()
            .zip(params.values())
            .filter(|(axis, _)| axis.architecture)
            .map(|(_, value)| value.to_string())
            .collect();
        let size = || parameters::<M>(params).unwrap_or(usize::MAX);
        *known.entry(architecture.join(" ")).or_insert_with(size)
    }
}

/// The first failure, where there is one.
fn raise<P: Params>(records: &[Record], params: &BTreeMap<u64, P>) -> Result<()> {
    for record in records {
        if let Err(failure) = &record.outcome {
            let params = params[&record.candidate].to_string();
            return Err(Error::FitFailed { params, fold: record.fold, failure: failure.clone() });
        }
    }
    Ok(())
}

/// What every fit on one data set shares.
pub(super) struct Fits<'a, M: Model, T: Objective> {
    data: &'a Dataset<T>,
    splits: &'a [Split],
    metrics: &'a [MetricOf<T::Kind>],
    recipe: &'a Train,
    seed: Seed,
    train_scores: bool,
    model: PhantomData<fn() -> M>,
}

impl<M: Model, T: Objective<Output = M::Output>> Fits<'_, M, T> {
    /// Trains and scores the candidates of a group, which are one training, on their fold.
    fn run(&self, group: &[Job<M::Params>]) -> Vec<Ran> {
        let stops: Vec<usize> = group.iter().map(|job| M::train(&job.params, self.recipe.clone()).epochs).collect();
        let job = &group[group.len() - 1];
        let split = &self.splits[job.fold as usize];
        self.run_to(&job.params, job.fold, split.train.as_slice(), split.test.as_slice(), &stops)
    }

    /// Trains and scores a candidate on the given rows, which stand for the fold of number `fold`.
    pub(super) fn run_on(&self, params: &M::Params, fold: u32, train: &[usize], test: &[usize]) -> Ran {
        let epochs = M::train(params, self.recipe.clone()).epochs;
        let lost = || Ran::failed(Failure::Panicked { message: "no result".to_owned() }, Duration::ZERO);
        self.run_to(params, fold, train, test, &[epochs]).pop().unwrap_or_else(lost)
    }

    /// Trains a candidate and scores it after each of the epochs `stops`, which ascend. What is known when a fit fails
    /// stays known, and the stops after it fail.
    fn run_to(&self, params: &M::Params, fold: u32, train: &[usize], test: &[usize], stops: &[usize]) -> Vec<Ran> {
        let start = Instant::now();
        let recipe = M::train(params, self.recipe.clone());
        let mut ran = Vec::with_capacity(stops.len());
        let outcome = engine::catch(|| {
            let visitor = FitFold {
                recipe: &recipe,
                fit: Fit::new(self.data, train),
                score: Score::new(self.data, test),
                metrics: self.metrics,
                train_scores: self.train_scores,
                seed: self.seed,
                fold,
                stops,
                ran: &mut ran,
            };
            M::visit(params, visitor).map_err(build_failure)?
        });
        if let Err(failure) = outcome {
            let failed = |_| Ran::failed(failure.clone(), start.elapsed());
            let missing = ran.len()..stops.len();
            ran.extend(missing.map(failed));
        }
        ran
    }

    /// Trains a candidate on the rows of a fold.
    pub(super) fn fit_on(&self, params: &M::Params, fold: u32, train: &[usize]) -> Result<Fitted<M, T>, Failure> {
        let recipe = M::train(params, self.recipe.clone());
        let view = Fit::new(self.data, train);
        let visitor = FitModel { params, recipe: &recipe, view, seed: self.seed, fold };
        M::visit(params, visitor).map_err(build_failure)?
    }

    /// Trains `params` on all rows, on a worker of its own like every other fit.
    pub(super) fn refit(&self, params: &M::Params) -> Result<Fitted<M, T>> {
        let rows: Vec<usize> = (0..self.data.len()).collect();
        let mut outcome = None;
        engine::run(
            1,
            &[()],
            |()| self.fit_on(params, REFIT, &rows),
            |(), fitted| {
                outcome = Some(fitted);
                ControlFlow::Continue(())
            },
        )?;
        let lost = Failure::Panicked { message: "the worker ended without a result".to_owned() };
        outcome.unwrap_or(Err(lost)).map_err(|failure| Error::RefitFailed { params: params.to_string(), failure })
    }
}

/// What came of one fit.
pub(super) struct Ran {
    pub(super) outcome: Result<Scores, Failure>,
    pub(super) fit_time: Duration,
    pub(super) score_time: Duration,
}

/// The scores of one fit, one a metric.
#[derive(Clone)]
pub(super) struct Scores {
    pub(super) test: Vec<Measured>,
    pub(super) train: Option<Vec<f64>>,
}

impl Ran {
    pub(super) fn failed(failure: Failure, fit_time: Duration) -> Self {
        Self { outcome: Err(failure), fit_time, score_time: Duration::ZERO }
    }

    fn record<P>(self, job: &Job<P>) -> Record {
        let Self { outcome, fit_time, score_time } = self;
        let (outcome, train_scores, warnings) = match outcome {
            Ok(Scores { test, train }) => {
                let (scores, warnings) = test.into_iter().map(|score| (score.value, score.warnings)).unzip();
                (Ok(scores), train, warnings)
            }
            Err(failure) => (Err(failure), None, Vec::new()),
        };
        Record { candidate: job.candidate, fold: job.fold, outcome, warnings, train_scores, fit_time, score_time }
    }
}

/// The jobs in groups that are one training each: candidates on one fold that differ only in their epochs, which ascend.
fn groups<M: Model>(jobs: Vec<Job<M::Params>>, recipe: &Train) -> Vec<Vec<Job<M::Params>>> {
    let Some(epochs) = M::EPOCHS else { return jobs.into_iter().map(|job| vec![job]).collect() };
    let mut places = HashMap::new();
    let mut groups: Vec<Vec<Job<M::Params>>> = Vec::new();
    for job in jobs {
        let mut values = job.params.values();
        values.remove(epochs);
        let place = *places.entry((job.fold, serde_json::Value::from(values).to_string())).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|job| M::train(&job.params, recipe.clone()).epochs);
    }
    groups
}

/// Trains a candidate on one view of a fold and scores it on the other.
struct FitFold<'a, T: Objective> {
    recipe: &'a Train,
    fit: Fit<'a, T>,
    score: Score<'a, T>,
    metrics: &'a [MetricOf<T::Kind>],
    train_scores: bool,
    seed: Seed,
    fold: u32,
    /// The epochs after which it is scored.
    stops: &'a [usize],
    /// What came of each stop so far.
    ran: &'a mut Vec<Ran>,
}

impl<T: Objective> FitFold<'_, T> {
    fn run<N: Network<Output = T::Output>>(
        self,
        build: impl FnOnce(&Weights) -> Result<N>,
        lower: Option<fn(&N) -> Program>,
    ) -> Result<(), Failure> {
        let Self { recipe, fit: view, score, metrics, train_scores, seed, fold, stops, ran } = self;
        let mut start = Instant::now();
        let mut network = build(&Weights::of_fold(seed, fold)).map_err(build_failure)?;
        let mut distinct = stops.to_vec();
        distinct.dedup();
        fit::<T, N>(&mut network, recipe, &view, (seed, fold), lower, &distinct, |network, epochs| {
            // The time that training took to get here, without that of the scoring on the way.
            let fit_time = start.elapsed();
            let began = Instant::now();
            let (outcome, score_time) = match scores(network, metrics, &view, &score, train_scores) {
                Ok((scores, time)) => (Ok(scores), time),
                Err(failure) => (Err(failure), Duration::ZERO),
            };
            for _ in stops.iter().filter(|&&stop| stop == epochs) {
                ran.push(Ran { outcome: outcome.clone(), fit_time, score_time });
            }
            start += began.elapsed();
        })
    }
}

/// The scores of evaluation passes, and the time that those of the fold's test part took.
fn scores<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    metrics: &[MetricOf<T::Kind>],
    fit: &Fit<'_, T>,
    score: &Score<'_, T>,
    train_scores: bool,
) -> Result<(Scores, Duration), Failure> {
    let data = score.data();
    let measure = |rows: &[usize]| {
        let predictions = predict::<T, N>(network, data.features(), rows)?;
        let weights = data.weights_of(rows);
        data.targets().scores(metrics, rows, weights.as_deref(), &predictions).map_err(build_failure)
    };
    let start = Instant::now();
    let test = measure(score.rows())?;
    // A metric that is undefined on the fold is NaN and says so in a warning, as in scikit-learn; a number that is not
    // finite without a reason is a fault.
    let faulty = |score: &Measured| !score.value.is_finite() && score.warnings.is_empty();
    if let Some(at) = test.iter().position(faulty) {
        return Err(Failure::NonFiniteScore { metric: metrics[at].name(), value: test[at].value });
    }
    let time = start.elapsed();
    let train = train_scores.then(|| measure(fit.rows())).transpose()?;
    let train = train.map(|scores| scores.into_iter().map(|score| score.value).collect());
    Ok((Scores { test, train }, time))
}

impl<M: Model, T: Objective<Output = M::Output>> Visitor<M> for FitFold<'_, T> {
    type Value = Result<(), Failure>;

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

/// Checks that rows of the data have the length that an architecture takes.
struct CheckInput<'a>(&'a Features);

impl<M: Model> Visitor<M> for CheckInput<'_> {
    type Value = Result<()>;

    fn visit<N: Network<Output = M::Output>>(self, _build: impl FnOnce(&Weights) -> Result<N>) -> Self::Value {
        check_width::<N::Sample>(self.0)
    }
}

fn build_failure(error: Error) -> Failure {
    match error {
        Error::Fit(failure) => failure,
        Error::Scoring(error) => Failure::Scoring(error),
        error => Failure::Build { message: error.to_string() },
    }
}

/// The error of a search in which no candidate has a mean score.
fn nothing_finished<P>(results: &Results<P>) -> Error {
    let (fits, failed) = (results.fits(), results.failures().count());
    let reasons = error::group(results.failures());
    if failed == 0 {
        let reasons = error::group(results.warnings().filter(|&(metric, _)| metric == 0).map(|(_, warning)| warning));
        Error::UndefinedScores { metric: results.metrics()[0].name.clone(), reasons }
    } else if failed == fits {
        Error::AllFitsFailed { fits, reasons }
    } else {
        Error::NoCandidateFinished { failed, fits, reasons }
    }
}
