//! The bootstrap of out-of-fold predictions, which corrects the best score for the choice of the best candidate.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};

use super::collected::OutOfFoldOutputs;
use crate::{
    data::{Dataset, Truth, batches::width},
    engine,
    error::{Result, StopReason},
    metric::MetricOf,
    model::Model,
    record::Budget,
    report::{BbcCv, BbcObstacle, BbcScores, Candidate, Results},
    search::bound::BoundSearch,
    seed::{Purpose, Seed, below},
    split::Split,
    train::{TrainTarget, score_rows},
};

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Returns the scores corrected for the choice among the candidates of `results`, or the reason why there are none.
    /// `end` is the reason why the search ended early; `None` if it did not. `ended` tells whether a stop request has
    /// arrived, which ends the bootstrap.
    ///
    /// # Errors
    /// [`Error::Workers`](crate::Error::Workers).
    pub(super) fn bbc<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        splits: &[Split],
        results: &Results<M::Params>,
        predictions: &OutOfFoldOutputs,
        (end, ended): (Option<StopReason>, &(dyn Fn() -> Option<StopReason> + Sync)),
    ) -> Result<Result<BbcScores, BbcObstacle>> {
        let Some(settings) = self.settings.bbc else { return Ok(Err(BbcObstacle::NotKept)) };
        let count =
            |is: &dyn Fn(&Candidate<M::Params>) -> bool| results.candidates().iter().filter(|it| is(it)).count();
        let eliminated = count(&|candidate| candidate.elimination().is_some());
        if eliminated > 0 {
            return Ok(Err(BbcObstacle::Eliminated { candidates: eliminated }));
        }
        // A score limit selects by the very rows that would be resampled. Other limits do not depend on the scores.
        if matches!(end, Some(StopReason::Reached { .. })) {
            return Ok(Err(BbcObstacle::EndedAtScore));
        }
        let in_part = count(&|candidate| candidate.is_finalist() && candidate.budget() != Budget::Full);
        if in_part > 0 {
            return Ok(Err(BbcObstacle::TrainedInPart { candidates: in_part }));
        }
        if let Some(needed) = predictions.beyond_limit() {
            return Ok(Err(BbcObstacle::TooLarge { needed, most: settings.bytes() }));
        }
        let has_scores = |candidate: &Candidate<M::Params>| {
            let is_done = candidate.is_finalist() && candidate.mean(0).is_finite();
            is_done && candidate.records().iter().all(|record| record.outcome.is_ok())
        };
        let scored: Vec<&Candidate<M::Params>> = results.candidates().iter().filter(|it| has_scores(it)).collect();
        let Some(best) = results.best().filter(|_| scored.len() > 1) else { return Ok(Err(BbcObstacle::NoChoice)) };
        if !has_scores(&results.candidates()[best]) {
            return Ok(Err(BbcObstacle::BestFailed));
        }
        // A study may have been filled by a search with another limit.
        let needed: usize = scored
            .iter()
            .flat_map(|candidate| candidate.records())
            .map(|record| splits[record.fold as usize].test.len() * width::<M::Output>() * size_of::<f64>())
            .sum();
        if needed > settings.bytes() {
            return Ok(Err(BbcObstacle::TooLarge { needed, most: settings.bytes() }));
        }
        let (mut candidates, mut fits, mut position) = (Vec::new(), 0, 0);
        for candidate in scored {
            let outputs: Vec<Option<Arc<[f64]>>> =
                candidate.records().iter().map(|record| predictions.get(record.candidate, record.fold)).collect();
            fits += outputs.iter().filter(|outputs| outputs.is_none()).count();
            if std::ptr::eq(candidate, &raw const results.candidates()[best]) {
                position = candidates.len();
            }
            let threshold = M::recipe(candidate.params(), self.settings.recipe.clone()).threshold;
            candidates.push(CandidateOutputs { threshold, outputs: outputs.into_iter().flatten().collect() });
        }
        if fits > 0 {
            return Ok(Err(BbcObstacle::NotInStudy { fits }));
        }
        let sample = OutOfFoldSample::new(data, splits, results.repeats(), self.metrics, candidates);
        let scores = sample.resampled(settings, self.seed, self.workers()?, &|| ended() == Some(StopReason::Asked))?;
        Ok(scores.and_then(|scores| sample.corrected(settings, position, &scores).ok_or(BbcObstacle::Undefined)))
    }
}

/// The out-of-fold predictions of one candidate.
struct CandidateOutputs {
    threshold: f64,
    /// The predictions for the rows of each fold, of all repeats.
    outputs: Vec<Arc<[f64]>>,
}

/// The out-of-fold predictions of all candidates, to be resampled.
struct OutOfFoldSample<'a, T: TrainTarget> {
    data: &'a Dataset<T>,
    splits: &'a [Split],
    metrics: &'a [MetricOf<T::Kind>],
    candidates: Vec<CandidateOutputs>,
    /// For each repeat and unit: the folds that score rows of the unit, and the positions of the rows in these folds.
    places: Vec<Vec<Vec<(u32, u32)>>>,
}

impl<'a, T: TrainTarget> OutOfFoldSample<'a, T> {
    /// Collects the predictions of the candidates on the folds of all repeats.
    fn new(
        data: &'a Dataset<T>,
        splits: &'a [Split],
        repeats: usize,
        metrics: &'a [MetricOf<T::Kind>],
        candidates: Vec<CandidateOutputs>,
    ) -> Self {
        // A unit of the bootstrap is a scored row, or a group of scored rows.
        let unit_of = |row: usize| data.groups().map_or(row, |groups| groups[row]);
        let scored = splits.iter().flat_map(|split| split.test.as_slice());
        let mut units: BTreeMap<usize, usize> = scored.map(|&row| (unit_of(row), 0)).collect();
        units.values_mut().enumerate().for_each(|(number, unit)| *unit = number);
        let folds = splits.len() / repeats;
        let places = splits.chunks(folds).enumerate().map(|(repeat, splits)| {
            let mut places = vec![Vec::new(); units.len()];
            for (fold, split) in (repeat * folds..).zip(splits) {
                for (place, row) in split.test.as_slice().iter().enumerate() {
                    places[units[&unit_of(*row)]].push((fold as u32, place as u32));
                }
            }
            places
        });
        Self { data, splits, metrics, candidates, places: places.collect() }
    }

    /// Returns the number of units to draw from.
    fn units(&self) -> usize {
        self.places[0].len()
    }

    /// Chooses a candidate on each of the resamples, and returns its scores on the units that were not drawn; empty
    /// where it has none. `is_asked` tells whether a stop request has arrived.
    ///
    /// # Errors
    /// [`Error::Workers`](crate::Error::Workers); the inner [`BbcObstacle::Stopped`].
    fn resampled(
        &self,
        settings: BbcCv,
        seed: Seed,
        workers: usize,
        is_asked: &(dyn Fn() -> bool + Sync),
    ) -> Result<Result<Vec<Vec<f64>>, BbcObstacle>> {
        let units = self.units();
        let draw = |number: usize| {
            let mut rng = seed.key(Purpose::Bootstrap).candidate(number as u64).rng();
            (0..units).map(|_| below(&mut rng, units as u64) as usize).collect::<Vec<usize>>()
        };
        let resamples = (0..settings.count()).collect::<Vec<usize>>();
        let mut scores = vec![Vec::new(); settings.count()];
        engine::run(
            workers,
            &resamples,
            |&number| Ok(self.scores(&draw(number))),
            |&number, resample| {
                scores[number] = resample.ok().flatten().unwrap_or_default();
                if is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        )?;
        Ok(if is_asked() { Err(BbcObstacle::Stopped) } else { Ok(scores) })
    }

    /// Returns the corrected scores beside those of the candidate at `best`, from the scores of the resamples; `None`
    /// if they are undefined.
    fn corrected(&self, settings: BbcCv, best: usize, scores: &[Vec<f64>]) -> Option<BbcScores> {
        let all: Vec<usize> = (0..self.units()).collect();
        let observed = self.score(best, &all, self.metrics.len());
        let metrics = self.metrics.iter().zip(observed);
        let metrics: Vec<_> = metrics.map(|(metric, observed)| (metric.name(), metric.direction(), observed)).collect();
        BbcScores::of(settings, self.units(), &metrics, scores)
    }

    /// Chooses the candidate that is best on the drawn units, and returns its scores on the units that were not drawn,
    /// by each metric. `None` if all units were drawn, or no candidate has a score on the drawn ones.
    fn scores(&self, drawn: &[usize]) -> Option<Vec<f64>> {
        let mut is_drawn = vec![false; self.units()];
        for &unit in drawn {
            is_drawn[unit] = true;
        }
        let left: Vec<usize> = (0..self.units()).filter(|&unit| !is_drawn[unit]).collect();
        let direction = self.metrics[0].direction();
        let scores = (0..self.candidates.len()).map(|candidate| (candidate, self.score(candidate, drawn, 1)[0]));
        // Of equal scores the first counts.
        let is_better = |a: f64, b: f64| direction.compare(b, a).is_lt();
        let best = scores
            .filter(|(_, score)| !score.is_nan())
            .reduce(|best, other| if is_better(best.1, other.1) { other } else { best });
        best.filter(|_| !left.is_empty()).map(|(candidate, _)| self.score(candidate, &left, self.metrics.len()))
    }

    /// Returns the scores of a candidate on these units by the first `metrics` metrics. Each is the mean over the
    /// repeats, or NaN if the metric is undefined.
    fn score(&self, candidate: usize, units: &[usize], metrics: usize) -> Vec<f64> {
        let CandidateOutputs { threshold, outputs } = &self.candidates[candidate];
        let mut sums = vec![0.0; metrics];
        for places in &self.places {
            let (mut rows, mut predictions) = (Vec::with_capacity(units.len()), Vec::new());
            for &(fold, place) in units.iter().flat_map(|&unit| &places[unit]) {
                let (test, outputs) = (self.splits[fold as usize].test.as_slice(), &outputs[fold as usize]);
                let width = outputs.len() / test.len();
                rows.push(test[place as usize]);
                predictions.extend_from_slice(&outputs[place as usize * width..][..width]);
            }
            for (sum, metric) in sums.iter_mut().zip(self.metrics.chunks(1)) {
                let score = score_rows(&predictions, *threshold, metric, self.data, &rows);
                *sum += score.map_or(f64::NAN, |scores| scores[0].value);
            }
        }
        sums.into_iter().map(|sum| sum / self.places.len() as f64).collect()
    }
}
