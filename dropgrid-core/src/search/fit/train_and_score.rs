//! One training on one fold for the candidates that share it, each scored where it stops.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    data::{Dataset, Score},
    engine,
    error::{Failure, Result},
    hook::CandidateScore,
    metric::{Measured, MetricOf},
    model::{Init, trained_parameters},
    record::{Budget, Curve, Details, Epochs, Job, Outcomes, Record},
    search::{key::KeyedJob, states::TrainingStates},
    study::FitName,
    train::{
        BuiltNetwork, Course, ErasedNetwork, FinishedCandidate, McSampler, ScoringInput, ScoringMode, TargetScaler,
        TrainTarget, TrainingObserver, Views, score, score_rows, train_epochs,
    },
};

/// Trains on the training rows of a fold, with its validation rows, and scores on the test rows.
pub(super) struct TrainAndScore<'a, T: TrainTarget> {
    pub(super) course: Course<'a>,
    pub(super) views: Views<'a, T>,
    pub(super) score: Score<'a, T>,
    pub(super) metrics: &'a [MetricOf<T::Kind>],
    pub(super) train_scores: bool,
    /// True if the records of full trainings contain their predictions.
    pub(super) keeps_predictions: bool,
    /// The scoring mode of each candidate.
    pub(super) modes: &'a [ScoringMode],
    /// The values of the settings that are tied to hyperparameters, as text.
    pub(super) tied: Option<&'a str>,
    pub(super) sampler: &'a McSampler<'a>,
    pub(super) jobs: &'a [KeyedJob],
    pub(super) failed: &'a [Vec<Failure>],
    pub(super) states: Option<TrainingStates<'a>>,
}

/// The record of each scored candidate with the number of its trained epochs, `None` for the others; and the outcome of
/// the training.
pub(super) type Scored = (Vec<Option<(usize, Record)>>, Result<(), Failure>);

impl<T: TrainTarget> TrainAndScore<'_, T> {
    /// Trains the network that `build` makes. `curve` gets the complete epochs, even if the training fails.
    pub(super) fn run(self, curve: &mut Curve, build: &dyn Fn(&Init) -> Result<BuiltNetwork<T>>) -> Scored {
        let Self { course, .. } = self;
        let start = Instant::now();
        let mut scores = vec![None; self.modes.len()];
        // A panic fails only the candidates that have not been scored.
        let trained = engine::catch(|| {
            let init = Init::of_fold(course.seed, course.fold, &self.views.fit);
            let BuiltNetwork { mut network, backend } = build(&init).map_err(Failure::from)?;
            let scaler = TargetScaler::new(course.recipe, &self.views.fit);
            let parameters = trained_parameters(&*network);
            let mut scorer =
                Scorer { fit: &self, scaler, parameters, start, scored: &mut scores, stored: HashSet::new() };
            train_epochs(&mut *network, &self.views, course, backend, curve, &mut scorer)
        });
        (scores, trained)
    }
}

/// Scores the candidates of a training when they stop, and saves the training's states.
struct Scorer<'a, 'b, T: TrainTarget> {
    fit: &'a TrainAndScore<'b, T>,
    /// The transform of the targets.
    scaler: Option<TargetScaler>,
    /// The number of the network's trainable parameters.
    parameters: usize,
    /// The start of the training, moved forward by the time spent on scoring during the training.
    start: Instant,
    scored: &'a mut Vec<Option<(usize, Record)>>,
    /// The candidates whose records were handed over to be stored.
    stored: HashSet<usize>,
}

impl<T: TrainTarget> Scorer<'_, '_, T> {
    /// Makes the record of a candidate that stops now.
    fn record(
        &self,
        (candidate, curve): (&FinishedCandidate<'_>, &Curve),
        outcome: Result<Vec<f64>, Failure>,
        fit_time: Duration,
    ) -> Record {
        let TrainAndScore { course: Course { stop_conditions, hook_context, .. }, tied, jobs, .. } = self.fit;
        let &FinishedCandidate { position, trained, scored, stopped_by, by_rule } = candidate;
        // The record states the epochs if the recipe alone does not determine them.
        let decides = stop_conditions[position].early_stopping.is_some() || hook_context.has_rules;
        let epochs = Epochs { trained: trained as u32, scored: scored as u32, by_rule };
        let details = Details {
            epochs: decides.then_some(epochs),
            stopped_by: stopped_by.map(str::to_owned),
            tied: tied.map(str::to_owned),
            parameters: Some(self.parameters),
            ..Details::default()
        };
        let &Job { candidate, fold, budget, .. } = &jobs[position].job;
        let (warnings, train_scores, score_time) = (Vec::new(), None, Duration::ZERO);
        Record {
            candidate,
            fold,
            budget,
            outcome,
            warnings,
            train_scores,
            fit_time,
            score_time,
            curve: curve.clone(),
            details,
        }
    }
}

impl<T: TrainTarget> TrainingObserver<T::Output> for Scorer<'_, '_, T> {
    fn finished(
        &mut self,
        network: &dyn ErasedNetwork<T::Output>,
        candidates: &[FinishedCandidate<'_>],
        curve: &Curve,
    ) {
        let TrainAndScore { views, score, train_scores, modes, sampler, .. } = self.fit;
        let fit_time = self.start.elapsed();
        let began = Instant::now();
        // Candidates with the same number of passes have the same predictions, whatever their thresholds.
        let mut predictions: Vec<(usize, Result<Predictions, Failure>)> = Vec::new();
        for candidate in candidates {
            let mode = modes[candidate.position];
            let known = predictions.iter().position(|&(passes, _)| passes == mode.passes);
            let at = known.unwrap_or_else(|| {
                let rows = (score.rows(), train_scores.then(|| views.fit.rows()));
                let of =
                    Predictions::of::<T>(network, score.data(), rows, mode.passes, (*sampler, self.scaler.as_ref()));
                predictions.push((mode.passes, of));
                predictions.len() - 1
            });
            let scores = predictions[at].1.as_ref().map_err(Clone::clone);
            let scores = scores.and_then(|predictions| predictions.scores(mode.threshold, self.fit));
            let (outcome, warnings, train_scores, score_time, spread) = match scores {
                Ok((scores, train_scores, time, spread)) => {
                    let (scores, warnings) = scores.into_iter().map(|score| (score.value, score.warnings)).unzip();
                    (Ok(scores), warnings, train_scores, time, spread)
                }
                Err(failure) => (Err(failure), Vec::new(), None, Duration::ZERO, None),
            };
            let mut record = self.record((candidate, curve), outcome, fit_time);
            (record.warnings, record.train_scores, record.score_time) = (warnings, train_scores, score_time);
            record.details.spread = spread;
            if let (Ok(_), Ok(all)) = (&record.outcome, &predictions[at].1) {
                record.details.outcomes = all.outcomes(mode.threshold, score);
                if record.budget == Budget::Full && self.fit.keeps_predictions {
                    record.details.predictions = Some(Arc::clone(&all.test_outputs));
                }
            }
            if let (Ok(scores), context) = (&record.outcome, self.fit.course.hook_context) {
                let scores = scores.clone();
                let score = CandidateScore { candidate: record.candidate, epochs: candidate.trained, scores };
                context.hooks.each(|hook| hook.scored(&context.fit, &score));
            }
            self.scored[candidate.position] = Some((candidate.trained, record));
        }
        self.start += began.elapsed();
    }

    fn failed(&mut self, candidates: &[FinishedCandidate<'_>], curve: &Curve, failure: &Failure) {
        for candidate in candidates {
            let record = self.record((candidate, curve), Err(failure.clone()), self.start.elapsed());
            self.scored[candidate.position] = Some((candidate.trained, record));
        }
    }

    fn longest_state(&self, below: usize) -> Option<(usize, Vec<u8>)> {
        self.fit.states.as_ref()?.longest(below)
    }

    fn wants_state(&self, epochs: usize, ends: bool) -> bool {
        self.fit.states.as_ref().is_some_and(|states| states.wants(epochs, ends))
    }

    fn keep_state(&mut self, epochs: usize, bytes: Vec<u8>, ends: bool) {
        if let Some(states) = &self.fit.states {
            let fits = FitsOfTraining { jobs: self.fit.jobs, scored: self.scored, failed: self.fit.failed };
            fits.keep(states, (epochs, bytes, ends), &mut self.stored);
            if states.must_save() {
                self.fit.course.clock.end();
            }
        }
    }
}

/// The fits that share a training which is still running.
struct FitsOfTraining<'a> {
    jobs: &'a [KeyedJob],
    scored: &'a [Option<(usize, Record)>],
    failed: &'a [Vec<Failure>],
}

impl FitsOfTraining<'_> {
    /// Saves a state, with the records of the fits that finished before it and are not `stored` yet.
    fn keep(
        &self,
        states: &TrainingStates<'_>,
        (epochs, bytes, ends): (usize, Vec<u8>, bool),
        stored: &mut HashSet<usize>,
    ) {
        let fits = || self.jobs.iter().zip(self.scored);
        let open: Vec<FitName> =
            fits().filter(|(_, scored)| scored.is_none()).map(|(job, _)| job.name.clone()).collect();
        let mut finished = Vec::new();
        // Hooks at the end of the training cannot fail these fits any more, since the training continues.
        for (at, (job, scored)) in fits().enumerate().filter(|_| !open.is_empty()) {
            // A failed fit may be retried, and a state of a training without that fit would not help the retry.
            if let Some((_, record)) = scored
                && record.outcome.is_ok()
                && stored.insert(at)
            {
                let mut record = record.clone();
                record.details.retried.clone_from(&self.failed[at]);
                finished.push((job.name.clone(), record));
            }
        }
        states.keep(epochs, bytes, ends, open, finished);
    }
}

/// The scores of the test rows, the scores of the training rows, the time of the former, and the spread of passes with
/// dropout on.
type Scores = (Vec<Measured>, Option<Vec<f64>>, Duration, Option<f64>);

/// The outputs of a trained network on a fold.
struct Predictions {
    test_outputs: Arc<[f64]>,
    spread: Option<f64>,
    /// The time of the pass over the test rows.
    time: Duration,
    train: Option<ScoringInput>,
}

impl Predictions {
    /// Computes the outputs for the test rows, and for the training rows if these are scored, too. They come from an
    /// evaluation pass, or from `passes` passes with dropout on.
    fn of<T: TrainTarget>(
        network: &dyn ErasedNetwork<T::Output>,
        data: &Dataset<T>,
        (test, train): (&[usize], Option<&[usize]>),
        passes: usize,
        sampler: (&McSampler<'_>, Option<&TargetScaler>),
    ) -> Result<Self, Failure> {
        let pass = |rows: &[usize]| ScoringInput::of::<T>(network, data.features(), rows, passes, sampler);
        let start = Instant::now();
        let ScoringInput { predictions, spread } = pass(test)?;
        let (test_outputs, time) = (predictions.into(), start.elapsed());
        Ok(Self { test_outputs, spread, time, train: train.map(pass).transpose()? })
    }

    /// Returns a summary of the outputs for plots, with a candidate's decision threshold.
    fn outcomes<T: TrainTarget>(&self, threshold: f64, score: &Score<'_, T>) -> Option<Outcomes> {
        let targets = score.data().targets();
        Outcomes::of::<T::Kind>(&targets.truth(score.rows()), &self.test_outputs, targets.width(), threshold)
    }

    /// Returns the scores with a candidate's decision threshold.
    fn scores<T: TrainTarget>(&self, threshold: f64, fit: &TrainAndScore<'_, T>) -> Result<Scores, Failure> {
        let Self { test_outputs, spread, time, train } = self;
        let start = Instant::now();
        let test = score(test_outputs, threshold, fit.metrics, &fit.score)?;
        let time = *time + start.elapsed();
        let rows = &fit.views.fit;
        let of =
            |input: &ScoringInput| score_rows(&input.predictions, threshold, fit.metrics, rows.data(), rows.rows());
        let train = train.as_ref().map(of);
        let train = train.transpose()?.map(|scores| scores.into_iter().map(|score| score.value).collect());
        Ok((test, train, time, *spread))
    }
}
