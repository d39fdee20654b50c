//! A study at a glance.

use std::{cmp::Ordering, collections::BTreeMap, path::Path};

use super::{Results, SearchPace, mean_and_std, progress::RecordedPace};
use crate::{
    error::Result,
    record::{Budget, Record},
    study::{FitName, Judgements, Metadata, StudyFile, StudyInfo},
};

/// Counts and the best score of a study's file, as [`StudyFile`] and [`Results`] give them, read
/// without keeping the records in memory.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Overview {
    /// The identity, the metadata and the rest that the file has beside its records.
    pub info: StudyInfo,
    /// Candidates with at least one finished fit.
    pub candidates: usize,
    /// Finalists: the candidates that the search's strategy named so, else those that have the full training on every
    /// fold.
    pub done: usize,
    /// Finished fits.
    pub fits: usize,
    /// Finished fits that failed.
    pub failed: usize,
    /// The rate of the fits, and the time that is left.
    pub pace: SearchPace,
    /// The mean score of the best finalist, by the deciding metric; `None` where no candidate has a
    /// score.
    pub best_score: Option<f64>,
}

impl Overview {
    /// The overview of a study whose results are in memory.
    pub fn of<P>(file: &StudyFile, results: &Results<P>) -> Self {
        let candidates = results.candidates();
        Self {
            info: file.info().clone(),
            candidates: candidates.len(),
            done: candidates.iter().filter(|candidate| candidate.is_finalist()).count(),
            fits: file.fits(),
            failed: file.failed(),
            pace: SearchPace::of_study(file),
            best_score: results.best().map(|best| candidates[best].mean(0)),
        }
    }

    /// Reads a study.
    ///
    /// # Errors
    /// Those of [`StudyFile::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let begin = |info: &StudyInfo, judgements| Counts::new(info, judgements);
        let (info, mut counts) = StudyFile::scan(path, begin, Counts::add)?;
        counts.close();
        let Counts { candidates, done, fits, failed, best, pace, .. } = counts;
        // Error scores are no scores where every fit failed.
        let (pace, best_score) = (pace.finish(), best.filter(|_| failed < fits));
        Ok(Self { info, candidates, done, fits, failed, pace, best_score })
    }
}

/// The counts of the records read so far.
struct Counts {
    metadata: Option<Metadata>,
    judgements: Judgements,
    weights: Vec<f64>,
    /// The name of the last record's candidates.
    params: Option<String>,
    /// The known scores of each of these candidates on the folds that count, by the epochs of its full training and by
    /// budget.
    scores: BTreeMap<u32, BTreeMap<Budget, Vec<f64>>>,
    candidates: usize,
    done: usize,
    fits: usize,
    failed: usize,
    best: Option<f64>,
    pace: RecordedPace,
}

impl Counts {
    fn new(info: &StudyInfo, judgements: Judgements) -> Self {
        let metadata = info.metadata.as_ref();
        let weights = metadata.map_or_else(Vec::new, |data| data.folds.iter().map(|fold| fold.weight).collect());
        Self {
            metadata: metadata.cloned(),
            judgements,
            weights,
            params: None,
            scores: BTreeMap::new(),
            candidates: 0,
            done: 0,
            fits: 0,
            failed: 0,
            best: None,
            pace: RecordedPace::new(metadata, info.running),
        }
    }

    /// Adds a record. Those of a candidate come one after the other.
    fn add(&mut self, name: FitName, record: Record) {
        self.pace.add(&name.params, &record);
        if self.params.as_ref() != Some(&name.params) {
            self.close();
            self.params = Some(name.params);
        }
        self.fits += 1;
        self.failed += usize::from(record.outcome.is_err());
        let Some(metadata) = &self.metadata else { return };
        let by_budget = self.scores.entry(name.resource.whole()).or_default();
        if (record.fold as usize) < self.weights.len() {
            let error_score = metadata.error_score.unwrap_or(f64::NAN);
            by_budget.entry(record.budget).or_default().push(record.outcome.map_or(error_score, |scores| scores[0]));
        }
    }

    /// Counts the candidates of the last name.
    fn close(&mut self) {
        let (all, params) = (std::mem::take(&mut self.scores), self.params.take().unwrap_or_default());
        self.candidates += all.len();
        let Some(metadata) = &self.metadata else { return };
        for (epochs, by_budget) in all {
            let complete = by_budget.iter().rfind(|(_, scores)| scores.len() == self.weights.len());
            let is_whole = complete.is_some_and(|(budget, scores)| *budget == Budget::Full && !scores.is_empty());
            let judgement = self.judgements.get(&(epochs, params.clone()));
            if !judgement.map_or(is_whole, |judgement| judgement.is_finalist) {
                continue;
            }
            self.done += 1;
            let Some((_, scores)) = complete else { continue };
            let (mean, _) = mean_and_std(scores, &self.weights);
            let is_better = |best: f64| metadata.metrics[0].direction.compare(mean, best) == Ordering::Less;
            if !mean.is_nan() && self.best.is_none_or(is_better) {
                self.best = Some(mean);
            }
        }
    }
}
