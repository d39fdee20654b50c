//! The budget of a job, and the training that it comes to.

use std::{fmt, num::NonZeroU32, str::FromStr};

use crate::error::{Error, Result};

/// The part of a candidate's whole training that a [`Job`](super::Job) gets: the resource of successive halving and its kind.
///
/// A job of more epochs goes on from the state of one with fewer, and has the bits of a training that ran through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Budget {
    /// The first so many epochs of the whole training, fewer than it has; its learning-rate schedule is that of the whole.
    Epochs(NonZeroU32),
    /// Every epoch, on a share of the fold's training rows: a random sample, with each class in proportion, that is part of
    /// the sample of each larger share. Of folds of ordered time, too, it is a sample of all rows before the scored ones, in
    /// their order, and the gap before the validation rows is counted in rows of the data.
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

/// The training that a fit has: its [`Budget`], resolved by the recipe of its candidate. A study knows a fit by its
/// candidate, its fold and its resource.
///
/// It is written and read as text: `20` epochs, the first 5 of a schedule that is spread over 20 as `5/20`, and 20 on
/// half of the rows as `20@0.5`.
///
/// ```
/// # use dropgrid_core::record::{Resource, Share};
/// let resource: Resource = "5/20@0.5".parse().expect("a resource");
/// assert_eq!((resource.epochs, resource.spread, resource.rows.get()), (5, Some(20), 0.5));
/// assert_eq!(resource.to_string(), "5/20@0.5");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Resource {
    /// The share of the fold's training rows.
    pub rows: Share,
    /// The epochs over which the learning-rate schedule is spread, where it is: with others it is another training from the
    /// first step on.
    pub spread: Option<u32>,
    /// The most epochs that are trained.
    pub epochs: u32,
}

impl Resource {
    /// So many epochs on all rows, by a schedule that does not depend on their number.
    pub fn epochs(epochs: u32) -> Self {
        Self { rows: Share::ALL, spread: None, epochs }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.epochs)?;
        if let Some(spread) = self.spread {
            write!(f, "/{spread}")?;
        }
        if self.rows == Share::ALL { Ok(()) } else { write!(f, "@{}", self.rows) }
    }
}

/// The text is not a [`Resource`] as [`Display`](fmt::Display) writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected epochs, as `20`, `5/20` or `20@0.5`")]
pub struct ParseResourceError;

impl FromStr for Resource {
    type Err = ParseResourceError;

    fn from_str(text: &str) -> Result<Self, ParseResourceError> {
        let number = |text: &str| text.parse::<u32>().map_err(|_| ParseResourceError);
        let (epochs, rows) = text.split_once('@').map_or((text, None), |(epochs, rows)| (epochs, Some(rows)));
        let (epochs, spread) = epochs.split_once('/').map_or((epochs, None), |(epochs, of)| (epochs, Some(of)));
        let share = |text: &str| Share::new(text.parse().ok()?).ok();
        let resource = Self {
            rows: rows.map_or(Some(Share::ALL), share).ok_or(ParseResourceError)?,
            spread: spread.map(number).transpose()?,
            epochs: number(epochs)?,
        };
        // One text a resource: a study finds a fit by it.
        if resource.to_string() == text { Ok(resource) } else { Err(ParseResourceError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_reads_as_it_was_written() {
        let half = Share::new(0.5).expect("a share");
        for (text, epochs, spread, rows) in [
            ("20", 20, None, Share::ALL),
            ("5/20", 5, Some(20), Share::ALL),
            ("20@0.5", 20, None, half),
            ("5/20@0.5", 5, Some(20), half),
        ] {
            let resource = Resource { rows, spread, epochs };
            assert_eq!((resource.to_string().as_str(), text.parse()), (text, Ok(resource)));
        }
        let third = Resource { rows: Share::new(1.0 / 3.0).expect("a share"), spread: None, epochs: 9 };
        assert_eq!(third.to_string().parse(), Ok(third));
        for text in ["", "x", "020", "5/", "/5", "5@", "5@1", "5@0", "5@1.5", "5@NaN", "-1", "5 "] {
            assert_eq!(text.parse::<Resource>(), Err(ParseResourceError), "{text:?}");
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
