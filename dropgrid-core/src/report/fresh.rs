//! The best candidates of a search, raced on repeats of the cross-validation that the search has not seen.

use super::CvResults;
use crate::{
    error::{Error, Result},
    strategy::Elimination,
};

/// The best of the first few candidates on fresh repeats of the cross-validation, in place of the best mean score: the
/// luckiest of many candidates is often not the best one.
///
/// The first candidates by rank, five by default, meet on fresh repeats, three by default. A repeat has folds of its
/// own, where the splitter draws them, and other initial weights, orders of batches and masks. Candidates
/// [race](crate::strategy::Race) fold by fold: after the first repeat, one that is significantly worse than the leader
/// is trained no further. The best mean over the fresh folds wins, so that no score by which a candidate came among the
/// first counts. Of equal ones the first in the order of the space wins.
///
/// It costs at most `top * repeats * folds` trainings, of all epochs. Their bits do not depend on the number of
/// workers. A study keeps their records beside those of the search, as folds from [`FIRST_FRESH_FOLD`] on, and a search
/// that was killed goes on with them. The limits of fits and epochs are those of the search alone; the time budget is
/// for both. Where it, or a request to stop, ends the race before it is decided, the search's best is the winner, and
/// the report says that it was stopped.
///
/// # Examples
/// ```
/// # use dropgrid_core::report::{FreshRepeats, Refit};
/// # fn check(_: impl Refit<()>) {}
/// # check(
/// FreshRepeats::of_top(5).repeats(4)
/// # );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreshRepeats {
    top: usize,
    repeats: usize,
}

/// The number of the first fold of the first fresh repeat, in a study and for hooks; of a search with more folds, their
/// number.
pub const FIRST_FRESH_FOLD: u32 = 1_000_000;

impl Default for FreshRepeats {
    fn default() -> Self {
        Self { top: 5, repeats: 3 }
    }
}

impl FreshRepeats {
    /// The first so many candidates, at least 2, on three repeats.
    pub fn of_top(top: usize) -> Self {
        Self { top, ..Self::default() }
    }

    /// The number of fresh repeats, at least 1.
    pub fn repeats(self, repeats: usize) -> Self {
        Self { repeats, ..self }
    }

    pub(crate) fn count(self) -> usize {
        self.repeats
    }

    /// # Errors
    /// [`Error::Setting`].
    pub(super) fn check_settings(self) -> Result<()> {
        let error =
            |setting, value: usize, expected| Err(Error::Setting { setting, value: value.to_string(), expected });
        match self {
            Self { top: top @ (0 | 1), .. } => error("top", top, "at least 2"),
            Self { repeats: 0, .. } => error("repeats", 0, "at least 1"),
            Self { repeats, .. } if u32::try_from(repeats).is_err() => error("repeats", repeats, "below 2^32"),
            _ => Ok(()),
        }
    }

    /// The positions of the candidates that race, the first by rank, in the order of the space.
    pub(crate) fn entrants(self, results: &CvResults) -> Vec<usize> {
        let is_scored = |at: &usize| {
            let candidate = &results.candidates()[*at];
            results.competes(candidate) && candidate.mean(0).is_finite()
        };
        let mut entrants: Vec<usize> = (0..results.candidates().len()).filter(is_scored).collect();
        entrants.sort_by_key(|&at| results.candidates()[at].rank(0));
        entrants.truncate(self.top);
        entrants.sort_unstable();
        entrants
    }
}

/// A candidate's scores on the folds of fresh repeats.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FreshScore {
    /// The position of the candidate in the results.
    pub candidate: usize,
    /// The score by the deciding metric on each fold of the fresh repeats; NaN where the candidate was not trained.
    pub scores: Vec<f64>,
    /// The mean of the folds that have a score, with their weights.
    pub mean: f64,
    /// The reason why the candidate was trained no further, where it was not.
    pub elimination: Option<Elimination>,
}
