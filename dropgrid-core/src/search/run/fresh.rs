//! The race of the best candidates on fresh repeats of the cross-validation.

use std::{error, ops::Range, time::Instant};

use crate::{
    data::{Dataset, Truth},
    error::{Error, Result, Stopped},
    model::Model,
    report::{Candidate, FIRST_FRESH_FOLD, FreshRepeats, FreshScore, Report, Results},
    search::{bound::BoundSearch, fresh_run::FreshRun},
    seed::{Purpose, Seed},
    space::Space,
    split::{Folds, Rows},
    strategy::{CandidateSource, Race, View},
    study::Study,
    train::TrainTarget,
};

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Races the first candidates of `results` by a refit rule, for a search on `folds` that began at `start`.
    ///
    /// # Errors
    /// Those of the splitter, of the study, and of a failed fit that ends the search.
    pub(super) fn race_fresh<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        rule: FreshRepeats,
        results: &Results<M::Params>,
        folds: &Folds,
        start: Instant,
    ) -> Result<FreshRace> {
        let entrants = rule.entrants(results);
        if entrants.len() < 2 {
            return Ok(FreshRace::default());
        }
        let params = entrants.iter().map(|&at| results.candidates()[at].params().clone());
        let number = |&at: &usize| results.candidates()[at].records().first().map_or(0, |record| record.candidate);
        let fresh = self.fresh_folds(data, rule)?;
        let of_one = (fresh.splits.len() / rule.count()) as u32;
        let numbers = entrants.iter().map(number).collect();
        let strategy = Race::new(Entrants { params: params.collect(), numbers }).burn_in(of_one.max(2));
        let first_fold = FIRST_FRESH_FOLD.max(folds.splits.len() as u32);
        // The search itself has already repaired the study.
        let study = self.study.clone().map(Study::reopened);
        let identity = study.as_ref().map(|_| self.identity(data, folds)).transpose()?;
        let search: BoundSearch<'_, M, K> = BoundSearch {
            space: self.space,
            strategy: &strategy,
            metrics: self.metrics,
            settings: self.settings,
            seed: self.fresh_seed(u32::MAX),
            study,
            outer: self.outer,
            fresh: Some(FreshRun { first_fold, identity }),
        };
        let report: Report<M, T, ()> = match search.run(data, fresh, start) {
            Ok((report, _)) => report,
            Err(Error::Stopped { stopped, .. }) => {
                return Ok(FreshRace { stopped: Some(stopped), ..Default::default() });
            }
            // No candidate has all its scores.
            Err(Error::AllFitsFailed { .. } | Error::NoCandidateFinished { .. } | Error::UndefinedScores { .. }) => {
                return Ok(FreshRace::default());
            }
            Err(error) => return Err(error),
        };
        // The candidates that have finished all folds may not be the best.
        if let Some(stopped) = report.stopped() {
            return Ok(FreshRace { stopped: Some(stopped), ..Default::default() });
        }
        let position = |candidate: &Candidate<M::Params>| {
            let number = candidate.records().first()?.candidate;
            entrants.get(usize::try_from(number).ok()?).copied()
        };
        let score = |candidate: &Candidate<M::Params>| {
            Some(FreshScore {
                candidate: position(candidate)?,
                scores: candidate.scores(0),
                mean: candidate.mean(0),
                elimination: candidate.elimination().cloned(),
            })
        };
        let scores = report.results().candidates().iter().filter_map(score).collect();
        Ok(FreshRace { winner: position(report.best()), scores, stopped: None })
    }

    /// Returns the seed of a fresh repeat's folds. The seed of the trainings does not depend on the repeat.
    fn fresh_seed(&self, repeat: u32) -> Seed {
        Seed(self.seed.key(Purpose::FreshRepeats).fold(repeat).value())
    }

    /// Returns the folds of a rule's fresh repeats, one repeat after the other.
    ///
    /// # Errors
    /// Those of the splitter, and [`SplitError::TooManySplits`](crate::error::SplitError::TooManySplits).
    pub(in crate::search) fn fresh_folds<T: TrainTarget<Kind = K>>(
        &self,
        data: &Dataset<T>,
        rule: FreshRepeats,
    ) -> Result<Folds> {
        let mut all = Folds { splits: Vec::new(), warnings: Vec::new() };
        for repeat in 0..rule.count() {
            let folds = self.folds_by(data, self.fresh_seed(repeat as u32))?;
            Rows::new(data.len()).check_indices(folds.splits.len() as u128 * rule.count() as u128)?;
            all.splits.extend(folds.splits);
        }
        Ok(all)
    }
}

/// The outcome of a race on fresh repeats.
#[derive(Debug, Default)]
pub(super) struct FreshRace {
    /// The position of the winner; `None` if there was nothing to race, or no candidate has all its scores.
    pub(super) winner: Option<usize>,
    /// The scores of all entrants.
    pub(super) scores: Vec<FreshScore>,
    /// The reason why the race ended early; `None` if it was decided.
    pub(super) stopped: Option<Stopped>,
}

/// The candidates of a race, and their numbers in the search.
#[derive(Debug)]
struct Entrants<P> {
    params: Vec<P>,
    numbers: Vec<u64>,
}

impl<S: Space> CandidateSource<S> for Entrants<S::Params> {
    fn size(&self, _space: &S) -> Result<Option<u64>> {
        Ok(Some(self.params.len() as u64))
    }

    fn candidates(
        &self,
        _view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn error::Error + Send + Sync>> {
        Ok(numbers.map(|number| self.params.get(usize::try_from(number).ok()?).cloned()).collect())
    }

    fn number_shown(&self, number: u64) -> u64 {
        usize::try_from(number).ok().and_then(|at| self.numbers.get(at)).copied().unwrap_or(number)
    }
}
