//! The search with its results reported, and with the chosen candidate trained on all rows.

use std::{collections::HashMap, time::Instant};

use crate::{
    data::{Dataset, Truth},
    engine,
    error::{Error, Kept, Result},
    model::Model,
    record::Budget,
    report::Report,
    search::{bound::BoundSearch, outcome::SearchOutcome},
    strategy::Strategy,
    train::TrainTarget,
};

impl<M: Model, S: Strategy<M::Space>, K: Truth> BoundSearch<'_, M, S, K> {
    /// Searches, then trains the chosen candidate on all rows.
    pub(in crate::search) fn fit<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
    ) -> Result<Report<M, T>> {
        let start = Instant::now();
        let found = self.search(data, start)?;
        self.finish(data, found, start)
    }

    /// Trains the chosen candidate of what was found on all rows.
    pub(in crate::search) fn finish<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        found: SearchOutcome<M::Params>,
        start: Instant,
    ) -> Result<Report<M, T>> {
        let SearchOutcome { results, best, folds, stopped, damaged } = found;
        let mut sizes = HashMap::new();
        let unfitted = |results, best, warnings| {
            let report = Report::<M, T, ()>::new(results, best, (), warnings, start.elapsed());
            report.stopped_by(stopped).without(damaged)
        };
        let size = &mut |params: &M::Params| self.size(&mut sizes, params);
        let chosen = match engine::catch(|| Ok(self.settings.refit.choose(&results, best, size))) {
            Ok(chosen) => chosen,
            Err(failure) => {
                let report = Kept::new(unfitted(results, best, folds.warnings));
                return Err(Error::RefitRuleFailed { failure, report });
            }
        };
        let candidates = results.candidates().len();
        if chosen >= candidates {
            let report = Kept::new(unfitted(results, best, folds.warnings));
            return Err(Error::NoSuchCandidate { chosen, candidates, report });
        }
        let winner = &results.candidates()[chosen];
        // The epochs of a part of the training say nothing of the whole.
        let is_whole = winner.budget() == Budget::Full;
        let epochs = self.settings.refit_epochs.of(winner.records()).filter(|_| is_whole);
        let params = winner.params();
        let (fitted, failures) = self.runner(data, &folds.splits, start).refit(params, epochs);
        let params = params.to_string();
        let report = unfitted(results, chosen, folds.warnings);
        match fitted {
            Ok(fitted) => Ok(report.fitted_with(fitted, failures, start.elapsed())),
            Err(failure) => {
                let report = Kept::new(report.fitted_with((), failures, start.elapsed()));
                Err(Error::RefitFailed { params, failure, report })
            }
        }
    }

    /// Searches, and trains nothing on all rows.
    pub(in crate::search) fn cross_validate<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
    ) -> Result<Report<M, T, ()>> {
        let start = Instant::now();
        let SearchOutcome { results, best, folds, stopped, damaged } = self.search(data, start)?;
        let report = Report::new(results, best, (), folds.warnings, start.elapsed());
        Ok(report.stopped_by(stopped).without(damaged))
    }
}
