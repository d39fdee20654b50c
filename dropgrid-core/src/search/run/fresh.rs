//! The race of the best candidates on fresh repeats of the cross-validation.

use std::{collections::BTreeMap, error, ops::Range, time::Instant};

use crate::{
    data::{Dataset, Truth},
    error::{Error, Result},
    model::Model,
    report::{Candidate, FIRST_FRESH_FOLD, FreshRepeats, FreshScore, Report, Results},
    search::{bound::BoundSearch, fresh_run::FreshRun},
    seed::{Purpose, Seed},
    space::Space,
    split::{Folds, Rows},
    strategy::{CandidateSource, Race, View},
    train::TrainTarget,
};

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Races the first candidates of `results` by a rule, for a search that began at `start` on `folds`. Returns the position
    /// of the winner and the scores of all; `None` where there is nothing to race, or the search's limits end the race before
    /// any candidate has all its scores.
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
    ) -> Result<Option<(usize, Vec<FreshScore>)>> {
        let entrants = rule.entrants(results);
        if entrants.len() < 2 {
            return Ok(None);
        }
        let number = |at: usize| results.candidates()[at].records().first().map(|record| record.candidate);
        let places: BTreeMap<u64, usize> = entrants.iter().filter_map(|&at| Some((number(at)?, at))).collect();
        let params = places.iter().map(|(&number, &at)| (number, results.candidates()[at].params().clone()));
        let fresh = self.fresh_folds(data, rule.count())?;
        let of_one = (fresh.splits.len() / rule.count()) as u32;
        let strategy = Race::new(Entrants(params.collect())).burn_in(of_one.max(2));
        let first_fold = FIRST_FRESH_FOLD.max(folds.splits.len() as u32);
        // A study is repaired and tidied by the search itself.
        let study = self.study.clone().map(|study| study.reopened());
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
            // No candidate has all its scores.
            Err(
                Error::Stopped { .. }
                | Error::AllFitsFailed { .. }
                | Error::NoCandidateFinished { .. }
                | Error::UndefinedScores { .. },
            ) => return Ok(None),
            Err(error) => return Err(error),
        };
        let raced = report.results();
        let score = |candidate: &Candidate<M::Params>| {
            let number = candidate.records().first()?.candidate;
            Some(FreshScore {
                candidate: *places.get(&number)?,
                scores: candidate.scores(0),
                mean: candidate.mean(0),
                elimination: candidate.elimination().cloned(),
            })
        };
        let scores: Vec<FreshScore> = raced.candidates().iter().filter_map(score).collect();
        let winner = report.best().records().first().and_then(|record| places.get(&record.candidate));
        Ok(winner.map(|&winner| (winner, scores)))
    }

    /// The seed of a fresh repeat's folds; that of the trainings has no repeat's number.
    fn fresh_seed(&self, repeat: u32) -> Seed {
        Seed(self.seed.key(Purpose::FreshRepeats).fold(repeat).value())
    }

    /// The folds of so many fresh repeats, one repeat after the other.
    fn fresh_folds<T: TrainTarget<Kind = K>>(&self, data: &Dataset<T>, repeats: usize) -> Result<Folds> {
        let mut all = Folds { splits: Vec::new(), warnings: Vec::new() };
        for repeat in 0..repeats as u32 {
            let folds = self.folds_by(data, self.fresh_seed(repeat))?;
            Rows::new(data.len()).check_indices(folds.splits.len() as u128 * repeats as u128)?;
            all.splits.extend(folds.splits);
        }
        Ok(all)
    }
}

/// The candidates of a race under the numbers that they have in the search.
#[derive(Debug)]
struct Entrants<P>(BTreeMap<u64, P>);

impl<S: Space> CandidateSource<S> for Entrants<S::Params> {
    fn size(&self, _space: &S) -> Result<Option<u64>> {
        Ok(Some(self.0.last_key_value().map_or(0, |(number, _)| number + 1)))
    }

    fn candidates(
        &self,
        _view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn error::Error + Send + Sync>> {
        Ok(numbers.map(|number| self.0.get(&number).cloned()).collect())
    }
}
