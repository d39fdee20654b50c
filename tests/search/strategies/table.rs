//! Searches whose scores stand in a table: no network is trained.

use dropgrid::{
    error::Failure,
    metric::Direction,
    record::{FoldInfo, MetricInfo, Record},
    strategy::Trials,
};

use super::*;

/// The outcome of a job: a score, or a failure.
pub(super) type Score<'a> = &'a dyn Fn(u64, u32, Budget) -> Option<f64>;

/// A search on a table of scores.
pub(super) struct TableSearch<'a> {
    pub(super) space: &'a NetSpace,
    pub(super) weights: Vec<f64>,
    pub(super) direction: Direction,
    pub(super) best_score: Option<f64>,
    pub(super) error_score: f64,
    /// The epochs of a whole training.
    pub(super) epochs: u32,
    pub(super) score: Score<'a>,
}

impl TableSearch<'_> {
    /// Runs a strategy to its end, and gives `end` its view.
    pub(super) fn run<S: Strategy<NetSpace>, R>(&self, strategy: &S, end: impl FnOnce(&View<'_, NetSpace>) -> R) -> R {
        let fold = |&weight: &f64| FoldInfo::new(80, 20).with_weight(weight);
        let folds: Vec<FoldInfo> = self.weights.iter().map(fold).collect();
        let metrics = [MetricInfo::new("score", self.direction)];
        let mut trials = Trials::new(&folds, self.error_score);
        let epochs = |_: &NetParams| self.epochs;
        loop {
            let mut view = View::new(self.space, &folds, &metrics, &epochs, &trials);
            (view.best_score, view.error_score, view.classes) = (self.best_score, self.error_score, Some(3));
            view.epoch_range = (self.epochs, self.epochs);
            let before = trials.record_count();
            let jobs = strategy.propose(&view).expect("jobs");
            let is_new = |job: &Job<NetParams>| {
                trials.get(job.candidate).is_none_or(|trial| trial.record(job.fold, job.budget).is_none())
            };
            let jobs: Vec<Job<NetParams>> = jobs.into_iter().filter(is_new).collect();
            if jobs.is_empty() {
                return end(&view);
            }
            for job in jobs {
                let record = self.record(&job);
                trials.add(|| job.params, record);
            }
            assert!(trials.record_count() > before);
        }
    }

    fn record(&self, job: &Job<NetParams>) -> Record {
        let score = (self.score)(job.candidate, job.fold, job.budget);
        Record::new(
            job,
            score.map(|score| vec![score]).ok_or_else(|| Failure::Panicked { message: "no score".to_owned() }),
        )
    }
}

/// The winner among the finalists, as a report chooses it: the first of the best mean.
pub(super) fn winner(view: &View<'_, NetSpace>, finalists: &[u64], budget: Budget) -> Option<(u64, Vec<u64>)> {
    let direction = view.metrics[0].direction;
    let score = |&number: &u64| Some((view.score(number, budget).filter(|mean| !mean.is_nan())?, number));
    let (_, number) =
        finalists.iter().filter_map(score).min_by(|a, b| direction.compare(a.0, b.0).then(a.1.cmp(&b.1)))?;
    let records = view.trials.get(number)?.at(budget);
    // A failed fit has no bits of its own.
    let bits = |record: &Record| record.outcome.as_ref().map_or(0, |scores| scores[0].to_bits());
    Some((number, records.iter().map(bits).collect()))
}
