//! A study at a glance.

use std::{cmp::Ordering, path::Path};

use super::mean_and_std;
use crate::{
    error::Result,
    record::Record,
    study::{About, Archive, Legend},
};

/// Counts and the best score of a study's file, as [`Archive`] and [`Results`](super::Results) give them, without either in
/// memory.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The identity, the legend and the rest that the file has beside its records.
    pub about: About,
    /// Candidates with at least one fit kept.
    pub tried: usize,
    /// Candidates that are done on all folds.
    pub done: usize,
    /// Fits kept.
    pub fits: usize,
    /// Fits kept that failed.
    pub failed: usize,
    /// The mean score of the best candidate that is done, by the deciding metric; `None` where no candidate has a score.
    pub best_score: Option<f64>,
}

impl Overview {
    /// Reads a study.
    ///
    /// # Errors
    /// Those of [`Archive::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let (about, mut counts) = Archive::scan(path, |about| Counts::new(about.legend.as_ref()), Counts::add)?;
        counts.close();
        let Counts { tried, done, fits, failed, best, all_failed, .. } = counts;
        Ok(Self { about, tried, done, fits, failed, best_score: best.filter(|_| !all_failed) })
    }
}

/// Counts of the records that have gone by.
struct Counts {
    legend: Option<Legend>,
    weights: Vec<f64>,
    /// The candidate of the last record.
    params: Option<String>,
    /// Its scores of the folds that count, as far as they are there.
    scores: Vec<f64>,
    has_finished: bool,
    tried: usize,
    done: usize,
    fits: usize,
    failed: usize,
    best: Option<f64>,
    /// True as long as every fit of the candidates that are done failed.
    all_failed: bool,
}

impl Counts {
    fn new(legend: Option<&Legend>) -> Self {
        let weights = legend.map_or_else(Vec::new, |legend| legend.folds.iter().map(|fold| fold.weight).collect());
        Self {
            legend: legend.cloned(),
            weights,
            params: None,
            scores: Vec::new(),
            has_finished: false,
            tried: 0,
            done: 0,
            fits: 0,
            failed: 0,
            best: None,
            all_failed: true,
        }
    }

    /// The next record, which is of the same candidate as the last one or of one that has not been before.
    fn add(&mut self, params: &str, record: Record) {
        if self.params.as_deref() != Some(params) {
            self.close();
            self.params = Some(params.to_owned());
            self.tried += 1;
        }
        self.fits += 1;
        self.failed += usize::from(record.outcome.is_err());
        if (record.fold as usize) < self.weights.len() {
            let error_score = self.legend.as_ref().and_then(|legend| legend.error_score).unwrap_or(f64::NAN);
            self.has_finished |= record.outcome.is_ok();
            self.scores.push(record.outcome.map_or(error_score, |scores| scores[0]));
        }
    }

    /// Counts the last candidate.
    fn close(&mut self) {
        let (scores, has_finished) = (std::mem::take(&mut self.scores), std::mem::take(&mut self.has_finished));
        let Some(legend) = self.legend.as_ref().filter(|_| !scores.is_empty() && scores.len() == self.weights.len())
        else {
            return;
        };
        self.done += 1;
        self.all_failed &= !has_finished;
        let (mean, _) = mean_and_std(&scores, &self.weights);
        let is_better = |best: f64| legend.metrics[0].direction.compare(mean, best) == Ordering::Less;
        if !mean.is_nan() && self.best.is_none_or(is_better) {
            self.best = Some(mean);
        }
    }
}
