//! The score of a search, corrected for the choice of the best candidate by a bootstrap of out-of-fold predictions.

use std::fmt;

use crate::{
    error::{Error, Result},
    metric::Direction,
};

/// Bootstrap bias-corrected cross-validation, BBC-CV
/// ([Tsamardinos, Greasidou and Borboudakis 2018](https://doi.org/10.1007/s10994-018-5714-4)): the settings of
/// [`Search::bbc_cv`](crate::search::Search::bbc_cv).
///
/// Each resample draws as many rows as are scored, with replacement. The candidate that is best by the deciding metric
/// on the rows drawn is scored, by every metric, on the rows not drawn. The corrected score is the mean over the
/// resamples. Its interval has the percentiles of the resamples' scores. Nothing is trained for it.
///
/// A metric is that of all rows of a resample together, not a mean over folds. With
/// [repeats](crate::search::Search::repeats), it is the mean over the repeats of the same rows. Where the data has
/// groups, whole groups are drawn in place of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BbcCv {
    resamples: usize,
    confidence: f64,
    most_bytes: usize,
}

impl Default for BbcCv {
    fn default() -> Self {
        Self { resamples: 1000, confidence: 0.95, most_bytes: 1 << 28 }
    }
}

impl BbcCv {
    /// 1000 resamples, an interval of 95 %, and predictions of at most 256 MiB.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of resamples, at least 1.
    pub fn resamples(self, resamples: usize) -> Self {
        Self { resamples, ..self }
    }

    /// The probability of the interval, above 0 and below 1.
    pub fn confidence(self, confidence: f64) -> Self {
        Self { confidence, ..self }
    }

    /// The most bytes of predictions to keep: 8 for each row, output, candidate and repeat. Beyond that all of them are
    /// let go, and there is no corrected score.
    pub fn most_bytes(self, bytes: usize) -> Self {
        Self { most_bytes: bytes, ..self }
    }

    pub(crate) fn count(self) -> usize {
        self.resamples
    }

    pub(crate) fn bytes(self) -> usize {
        self.most_bytes
    }

    /// # Errors
    /// [`Error::Setting`].
    pub(crate) fn check(self) -> Result<()> {
        let error = |setting, value: String, expected| Err(Error::Setting { setting, value, expected });
        if self.resamples == 0 {
            return error("resamples", "0".to_owned(), "at least 1");
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return error("confidence", self.confidence.to_string(), "above 0 and below 1");
        }
        Ok(())
    }
}

/// The scores of a search that are corrected for the choice of its best candidate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BbcScores {
    /// The number of resamples.
    pub resamples: usize,
    /// The rows that are scored, each counted once; groups where whole groups are drawn.
    pub units: usize,
    /// The probability of the intervals.
    pub confidence: f64,
    /// One for each metric, the deciding one first.
    pub scores: Vec<BbcScore>,
}

/// A corrected score by one metric.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BbcScore {
    /// The name of the metric.
    pub metric: String,
    /// The direction in which scores are better.
    pub direction: Direction,
    /// The score of the best candidate on all out-of-fold predictions together, which its choice makes too good.
    pub observed: f64,
    /// The corrected score: the mean over the resamples.
    pub score: f64,
    /// The interval of the score: percentiles of the resamples' scores, between which numbers are interpolated.
    pub interval: (f64, f64),
    /// The number of resamples that have a score. The others left the metric undefined, as a ROC AUC of one class is.
    pub defined: usize,
}

impl BbcScores {
    /// The scores of `settings` from one list of scores for each resample, in the order of the metrics: NaN where a
    /// metric is undefined. `None` where no resample has a score by the deciding metric.
    pub(crate) fn of(
        settings: BbcCv,
        units: usize,
        metrics: &[(String, Direction, f64)],
        resamples: &[Vec<f64>],
    ) -> Option<Self> {
        let score = |(at, (metric, direction, observed)): (usize, &(String, Direction, f64))| {
            let mut scores: Vec<f64> = resamples.iter().filter_map(|all| all.get(at).copied()).collect();
            scores.retain(|score| score.is_finite());
            scores.sort_by(f64::total_cmp);
            let defined = scores.len();
            let mean = scores.iter().sum::<f64>() / defined as f64;
            let outside = (1.0 - settings.confidence) / 2.0;
            let interval = (percentile(&scores, outside), percentile(&scores, 1.0 - outside));
            BbcScore {
                metric: metric.clone(),
                direction: *direction,
                observed: *observed,
                score: mean,
                interval,
                defined,
            }
        };
        let scores: Vec<BbcScore> = metrics.iter().enumerate().map(score).collect();
        let is_defined = scores.first().is_some_and(|score| score.defined > 0);
        is_defined.then_some(Self { resamples: settings.resamples, units, confidence: settings.confidence, scores })
    }
}

/// The number below which a share of sorted `values` lies, interpolated between neighbours as `numpy.percentile` does;
/// NaN of nothing.
fn percentile(values: &[f64], share: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let (low, part) = (place.floor(), place.fract());
    #[expect(clippy::cast_sign_loss, reason = "a share is not negative")]
    let low = (low as usize).min(last);
    let (from, to) = (values[low], values[(low + 1).min(last)]);
    from + (to - from) * part
}

/// One sentence: the corrected score by the deciding metric.
impl fmt::Display for BbcScores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(BbcScore { metric, score, interval: (low, high), .. }) = self.scores.first() else { return Ok(()) };
        let metric = crate::escape::escaped(metric);
        let percent = 100.0 * self.confidence;
        write!(
            f,
            "Corrected for the choice among candidates (BBC-CV, {} resamples), {metric} is {score:.6}, with {percent} % \
             between {low:.6} and {high:.6}.",
            self.resamples
        )
    }
}

/// The reason why a search has no [corrected scores](BbcScores).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, thiserror::Error)]
#[non_exhaustive]
pub enum BbcObstacle {
    /// The search kept no out-of-fold predictions.
    #[default]
    #[error("no out-of-fold predictions were kept; `.bbc_cv(BbcCv::new())` on the search keeps them")]
    NotKept,
    /// The predictions of all candidates take more bytes than the setting allows.
    #[error(
        "the out-of-fold predictions take {needed} bytes, and {most} may be kept; `BbcCv::new().most_bytes({needed})` keeps them"
    )]
    TooLarge {
        /// The bytes of all predictions.
        needed: usize,
        /// The bytes that may be kept.
        most: usize,
    },
    /// Fits of the study have no predictions: a search without the setting ran them.
    #[error(
        "{fits} fits of the study have no out-of-fold predictions; a new study with `.bbc_cv(BbcCv::new())` keeps them"
    )]
    NotInStudy {
        /// The number of fits.
        fits: usize,
    },
    /// The strategy left candidates on some folds, and which ones was decided on the rows that would now be scored.
    #[error(
        "{candidates} candidates were left before the last fold, and the choice of these cannot be repeated; `Grid`, `Random` \
         and other strategies that train each candidate on all folds have all predictions, and `nested_cross_validate` \
         scores any strategy"
    )]
    Eliminated {
        /// The number of candidates.
        candidates: usize,
    },
    /// The search ended with the first good score, which depends on the rows that would now be scored.
    #[error("the search ended at a score, and this end cannot be repeated; without `until` it has all candidates")]
    EndedAtScore,
    /// Finalists had a part of the whole training.
    #[error("{candidates} candidates were trained in part, and have no out-of-fold predictions of the whole training")]
    TrainedInPart {
        /// The number of candidates.
        candidates: usize,
    },
    /// The best candidate failed on some fold, and counts as the error score there.
    #[error("the best candidate failed on some fold, so it has no predictions there")]
    BestFailed,
    /// The search was asked to stop before the resamples were scored.
    #[error("the search was asked to stop before all resamples were scored")]
    Stopped,
    /// Only one candidate has all its scores, so that nothing was chosen.
    #[error("fewer than two candidates have a score on all folds, so nothing was chosen")]
    NoChoice,
    /// No resample has a score by the deciding metric.
    #[error("the deciding metric is undefined on the rows that each resample leaves out")]
    Undefined,
}
