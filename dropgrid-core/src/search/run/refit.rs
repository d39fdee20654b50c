//! A search followed by its report and the training of the winner on all rows.

use std::{collections::HashMap, time::Instant};

use super::{fresh::FreshRace, shared_store::keep_end_of_refit};
use crate::{
    data::{Dataset, Truth},
    engine,
    error::{AnyReport, Error, Result},
    model::Model,
    record::{Budget, Job},
    report::Report,
    search::{bound::BoundSearch, key::KeyedJob},
    split::Folds,
    study::SearchEnd,
    train::TrainTarget,
};

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Runs the search, then trains the winner on all rows.
    pub(in crate::search) fn fit<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
    ) -> Result<Report<M, T>> {
        let start = Instant::now();
        let (report, folds) = self.search(data, start)?;
        self.refit(data, report, &folds, start)
    }

    /// Trains the winner of a report on all rows.
    pub(in crate::search) fn refit<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        report: Report<M, T, ()>,
        folds: &Folds,
        start: Instant,
    ) -> Result<Report<M, T>> {
        let mut sizes = HashMap::new();
        let size = &mut |params: &M::Params| self.size(&mut sizes, params);
        let (results, best) = (report.results(), report.best_position());
        let raced = match self.settings.refit.fresh_repeats() {
            Some(rule) => self.race_fresh(data, rule, results, folds, start),
            None => Ok(FreshRace::default()),
        };
        let FreshRace { winner, scores, stopped } = match raced {
            Ok(raced) => raced,
            Err(error) => {
                return Err(Error::RefitRuleFailed { failure: error.into(), report: AnyReport::new(report) });
            }
        };
        let chosen =
            match engine::catch(|| Ok(winner.unwrap_or_else(|| self.settings.refit.choose(results, best, size)))) {
                Ok(chosen) => chosen,
                Err(failure) => return Err(Error::RefitRuleFailed { failure, report: AnyReport::new(report) }),
            };
        let candidates = results.candidates().len();
        let Some(winner) = results.candidates().get(chosen) else {
            return Err(Error::NoSuchCandidate { chosen, candidates, report: AnyReport::new(report) });
        };
        // The epochs of a partial training do not determine those of a full one.
        let is_whole = winner.budget() == Budget::Full;
        let epochs = self.settings.refit_epochs.of(winner.records()).filter(|_| is_whole);
        let threads = self.workers().unwrap_or(1);
        let (fitted, failures) = self.runner(data, &folds.splits, start).refit(winner.params(), epochs, threads);
        let params = winner.params().to_string();
        let (of_search, is_first) = (report.search_end(), chosen == report.best_position());
        let report = report.with_best(chosen).with_fresh_scores(scores);
        let stopped = report.stopped().or(stopped);
        let report = report.stopped_by(stopped);
        match fitted {
            Ok(fitted) => {
                let report = report.fitted_with(fitted, failures, start.elapsed());
                self.keep_refit(&report, (&of_search, is_first));
                Ok(report)
            }
            Err(failure) => {
                let report = report.fitted_with((), failures, start.elapsed()).failed_by(failure.clone());
                self.keep_refit(&report, (&of_search, is_first));
                Err(Error::RefitFailed { params, failure, report: AnyReport::new(report) })
            }
        }
    }

    /// Stores in the study, which has the end `of_search`, what the training on all rows adds to it. `is_first` is true
    /// if the rule chose the first candidate of rank 1.
    fn keep_refit<T, F>(&self, report: &Report<M, T, F>, (of_search, is_first): (&SearchEnd, bool)) {
        let Some(study) = &self.study else { return };
        let name = || {
            let params = report.best_params().clone();
            let job = Job { candidate: 0, params, fold: 0, budget: Budget::Full };
            let name = KeyedJob::of::<M>(job, &self.settings.recipe, 0).ok()?.name;
            Some((name.resource.whole(), name.params))
        };
        let end = SearchEnd { chosen: if is_first { None } else { name() }, ..report.search_end() };
        if end != *of_search {
            keep_end_of_refit(study, end);
        }
    }

    /// Runs the search without the training on all rows.
    pub(in crate::search) fn cross_validate<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
    ) -> Result<Report<M, T, ()>> {
        self.search(data, Instant::now()).map(|(report, _)| report)
    }
}
