//! The budget of a job, and the training that it comes to.

use std::{fmt, num::NonZeroU32, str::FromStr};

use crate::error::{Error, Result};

/// The part of a candidate's whole training that a [`Job`](super::Job) gets: the resource of successive halving and its
/// kind.
///
/// A job of more epochs goes on from the state of one with fewer, and has the bits of a training that ran through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Budget {
    /// The first so many epochs of the whole training, fewer than it has; its learning-rate schedule is that of the
    /// whole.
    Epochs(NonZeroU32),
    /// Every epoch, on a share of the fold's training rows: a random sample, with each class in proportion, that is
    /// part of the sample of each larger share. Of folds of ordered time, too, it is a sample of all rows before the
    /// scored ones, in their order, and the gap before the validation rows is counted in rows of the data.
    Rows(Share),
    /// Every epoch on all training rows.
    #[default]
    Full,
}

impl Budget {
    /// The first so many epochs.
    ///
    /// # Errors
    /// [`Error::Setting`] for 0.
    pub fn epochs(epochs: u32) -> Result<Self> {
        let error = || Error::Setting { setting: "epochs", value: epochs.to_string(), expected: "at least 1" };
        NonZeroU32::new(epochs).map(Self::Epochs).ok_or_else(error)
    }

    /// Every epoch on a share of the training rows; a share of 1 is the whole training.
    ///
    /// # Errors
    /// [`Error::Setting`] for a share outside (0, 1].
    pub fn rows(share: f64) -> Result<Self> {
        Share::new(share).map(|share| if share == Share::ALL { Self::Full } else { Self::Rows(share) })
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epochs(epochs) if epochs.get() == 1 => write!(f, "1 epoch"),
            Self::Epochs(epochs) => write!(f, "{epochs} epochs"),
            Self::Rows(share) => write!(f, "{share} of the rows"),
            Self::Full => f.write_str("all"),
        }
    }
}

/// A share of the training rows, above 0 and at most 1.
// The bits of the number: those of positive numbers are in the order of the numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Share(u64);

impl Share {
    /// All rows.
    pub const ALL: Self = Self(1.0_f64.to_bits());

    /// The share as a number in (0, 1].
    ///
    /// # Errors
    /// [`Error::Setting`] for any other number.
    pub fn new(share: f64) -> Result<Self> {
        if share > 0.0 && share <= 1.0 {
            return Ok(Self(share.to_bits()));
        }
        Err(Error::Setting {
            setting: "share of the rows",
            value: share.to_string(),
            expected: "above 0 and at most 1",
        })
    }

    /// The share as a number.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// The number of rows that the share is of `rows`, rounded down, but at least one.
    pub fn of(self, rows: usize) -> usize {
        #[expect(clippy::cast_sign_loss, reason = "a share is positive")]
        let count = (rows as f64 * self.get()) as usize;
        count.clamp(1, rows.max(1))
    }

    /// The number of rows nearest to the share of `rows`: of a share that is a number of rows divided by all, that
    /// number.
    pub(crate) fn nearest(self, rows: usize) -> usize {
        #[expect(clippy::cast_sign_loss, reason = "a share is positive")]
        let count = (rows as f64 * self.get()).round() as usize;
        count
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({self})")
    }
}

/// The training that a fit has: its [`Budget`], and the epochs of the whole training that it is a part of. A study
/// knows a fit by its candidate, its fold and its resource.
///
/// It is written and read as text: a whole training of 20 epochs is `20`, its first 5 epochs are `5/20`, and all of its
/// epochs on half of the rows are `20@0.5`.
///
/// ```
/// # use dropgrid_core::record::{Budget, Resource};
/// let resource: Resource = "5/20".parse().expect("a resource");
/// assert_eq!((resource.epochs(), resource.whole(), resource.budget()), (5, 20, Budget::epochs(5)?));
/// assert_eq!((resource.to_string(), resource.words()), ("5/20".to_owned(), "5 of 20 epochs".to_owned()));
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Resource {
    whole: u32,
    budget: Budget,
}

impl Resource {
    /// A budget of a training that has `whole` epochs. One that leaves nothing out is the whole training.
    pub fn new(whole: u32, budget: Budget) -> Self {
        let is_full = match budget {
            Budget::Epochs(epochs) => epochs.get() >= whole,
            Budget::Rows(share) => share == Share::ALL,
            Budget::Full => true,
        };
        Self { whole, budget: if is_full { Budget::Full } else { budget } }
    }

    /// A whole training of so many epochs.
    pub fn full(epochs: u32) -> Self {
        Self { whole: epochs, budget: Budget::Full }
    }

    /// The epochs of the candidate's whole training.
    pub fn whole(&self) -> u32 {
        self.whole
    }

    /// The part of the whole training.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// The most epochs that are trained.
    pub fn epochs(&self) -> u32 {
        if let Budget::Epochs(epochs) = self.budget { epochs.get() } else { self.whole }
    }

    /// The share of the fold's training rows.
    pub fn rows(&self) -> Share {
        if let Budget::Rows(share) = self.budget { share } else { Share::ALL }
    }

    /// The resource in words: `5 of 20 epochs`, or `20 epochs on 0.5 of the rows`.
    pub fn words(&self) -> String {
        let whole = if self.whole == 1 { "1 epoch".to_owned() } else { format!("{} epochs", self.whole) };
        match self.budget {
            Budget::Epochs(epochs) => format!("{epochs} of {whole}"),
            Budget::Rows(share) => format!("{whole} on {share} of the rows"),
            Budget::Full => whole,
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.budget {
            Budget::Epochs(epochs) => write!(f, "{epochs}/{}", self.whole),
            Budget::Rows(share) => write!(f, "{}@{share}", self.whole),
            Budget::Full => write!(f, "{}", self.whole),
        }
    }
}

/// The text is not a [`Resource`] as [`Display`](fmt::Display) writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected epochs, like `20`, `5/20` or `20@0.5`")]
pub struct ParseResourceError;

impl FromStr for Resource {
    type Err = ParseResourceError;

    fn from_str(text: &str) -> Result<Self, ParseResourceError> {
        let budget = |text: &str| -> Option<Self> {
            if let Some((epochs, whole)) = text.split_once('/') {
                return Some(Self::new(whole.parse().ok()?, Budget::Epochs(epochs.parse().ok()?)));
            }
            let (whole, share) = text.split_once('@').unwrap_or((text, "1"));
            Some(Self::new(whole.parse().ok()?, Budget::rows(share.parse().ok()?).ok()?))
        };
        // One text a resource: a study finds a fit by it.
        budget(text).filter(|resource| resource.to_string() == text).ok_or(ParseResourceError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_reads_as_it_was_written() {
        let (five, half) = (Budget::epochs(5).expect("a budget"), Budget::rows(0.5).expect("a budget"));
        for (text, budget, epochs, rows, words) in [
            ("20", Budget::Full, 20, 1.0, "20 epochs"),
            ("5/20", five, 5, 1.0, "5 of 20 epochs"),
            ("20@0.5", half, 20, 0.5, "20 epochs on 0.5 of the rows"),
        ] {
            let resource = Resource::new(20, budget);
            assert_eq!((resource.to_string().as_str(), text.parse()), (text, Ok(resource)));
            assert_eq!((resource.epochs(), resource.rows().get(), resource.words().as_str()), (epochs, rows, words));
        }
        let third = Resource::new(9, Budget::rows(1.0 / 3.0).expect("a budget"));
        assert_eq!(third.to_string().parse(), Ok(third));
        assert_eq!(Resource::full(1).words(), "1 epoch");
        let texts = ["", "x", "020", "5/", "/5", "0/5", "5/5", "6/5", "5@", "5@1", "5@0", "5@1.5", "5@NaN", "-1", "5 "];
        for text in texts.into_iter().chain(["5/20@0.5", "5/20/40"]) {
            assert_eq!(text.parse::<Resource>(), Err(ParseResourceError), "{text:?}");
        }
    }

    #[test]
    fn a_budget_that_leaves_nothing_out_is_the_whole_training() {
        for budget in
            [Budget::epochs(5).expect("a budget"), Budget::epochs(6).expect("a budget"), Budget::Rows(Share::ALL)]
        {
            assert_eq!(Resource::new(5, budget), Resource::full(5));
        }
    }

    #[test]
    fn shares_are_ordered_as_numbers_and_leave_a_row() {
        let share = |number| Share::new(number).expect("a share");
        assert!(share(0.1) < share(0.25) && share(0.25) < Share::ALL);
        assert_eq!((share(0.5).of(7), share(1e-9).of(7), Share::ALL.of(7)), (3, 1, 7));
        for number in [0.0, -0.5, 1.5, f64::NAN] {
            assert!(Share::new(number).is_err(), "{number}");
        }
        assert_eq!(Budget::rows(1.0).expect("a budget"), Budget::Full);
        assert!(Budget::epochs(0).is_err());
    }
}
