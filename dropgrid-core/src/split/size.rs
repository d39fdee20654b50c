//! The sizes of the two sides of a random split.

use std::fmt;

use crate::error::{Error, Result, SplitError};

/// The size of one side of a random split.
///
/// # Examples
/// ```
/// # use dropgrid_core::split::Size;
/// assert_eq!(Size::from(0.2), Size::Fraction(0.2));
/// assert_eq!(Size::from(20), Size::Count(20));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// A share of the rows (of the groups, for a splitter of groups), between 0 and 1 and neither of them. It is
    /// rounded up for the test side and down for the training side.
    Fraction(f64),
    /// A number of rows (of groups, for a splitter of groups).
    Count(usize),
}

impl From<f64> for Size {
    fn from(fraction: f64) -> Self {
        Self::Fraction(fraction)
    }
}

impl From<usize> for Size {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // With a point, as it is written: 1.0 is all rows, and 1 is one row.
            Self::Fraction(fraction) => write!(f, "{fraction:?}"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

/// The sizes of both sides as the user gave them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sizes {
    pub(super) test: Option<Size>,
    pub(super) train: Option<Size>,
}

impl Sizes {
    /// Training and test size out of `of` units (`"rows"` or `"groups"`): a side that is not given gets the rest, and
    /// where neither is given the test side gets the share `default`.
    #[allow(clippy::cast_sign_loss, reason = "fractions are checked to be positive")]
    pub(super) fn resolve(self, of: usize, units: &'static str, default: f64) -> Result<(usize, usize)> {
        let Self { mut test, train } = self;
        check("test_size", test, of, units)?;
        check("train_size", train, of, units)?;
        if let (Some(Size::Fraction(test)), Some(Size::Fraction(train))) = (test, train)
            && train + test > 1.0
        {
            return Err(Error::Split(SplitError::FractionsExceedOne { train, test }));
        }
        if test.is_none() && train.is_none() {
            test = Some(Size::Fraction(default));
        }
        let count = |size: Size, round: fn(f64) -> f64| match size {
            Size::Fraction(fraction) => round(fraction * of as f64) as usize,
            Size::Count(count) => count,
        };
        let n_test = test.map(|size| count(size, f64::ceil));
        let n_train = train.map(|size| count(size, f64::floor));
        let n_test = n_test.unwrap_or_else(|| of.saturating_sub(n_train.unwrap_or(0)));
        let n_train = n_train.unwrap_or_else(|| of.saturating_sub(n_test));
        if n_train.saturating_add(n_test) > of {
            return Err(Error::Split(SplitError::SizesExceedData { train: n_train, test: n_test, of, units }));
        }
        let shown = |size: Option<Size>| size.map_or_else(|| "not given".to_owned(), |size| size.to_string());
        for (part, size) in [("training", n_train), ("test", n_test)] {
            if size == 0 {
                let (test_size, train_size) = (shown(test), shown(train));
                return Err(Error::Split(SplitError::EmptyPart { part, of, units, test_size, train_size }));
            }
        }
        Ok((n_train, n_test))
    }
}

/// Refuses a fraction outside (0, 1), NaN among them, and a count that leaves nothing on one side.
fn check(size_of: &'static str, size: Option<Size>, of: usize, units: &'static str) -> Result<()> {
    let valid = match size {
        None => true,
        Some(Size::Fraction(fraction)) => fraction > 0.0 && fraction < 1.0,
        Some(Size::Count(count)) => count > 0 && count < of,
    };
    match size {
        Some(size) if !valid => Err(Error::Split(SplitError::SizeOutOfRange {
            size_of,
            size: size.to_string(),
            why: why(size_of, size, of, units),
        })),
        _ => Ok(()),
    }
}

/// The fault of a size, and the meaning of the other way to write one.
fn why(size_of: &str, size: Size, of: usize, units: &str) -> String {
    let other = if size_of == "test_size" { "to train on" } else { "to test on" };
    match size {
        Size::Fraction(1.0) => {
            let one = units.trim_end_matches('s');
            format!("a share of all {units}: nothing is left {other}; write a share below 1.0, or `1` for one {one}")
        }
        Size::Fraction(_) => {
            format!("a share of all {units}: expected a number between 0.0 and 1.0, or a whole number of {units}")
        }
        Size::Count(0) => format!("a number of {units}: expected at least 1, or a share between 0.0 and 1.0"),
        Size::Count(_) => {
            format!("a number of {units}, of which there are {of}: nothing is left {other}; expected fewer")
        }
    }
}

/// Refuses a random splitter of no splits.
pub(super) fn check_splits(n_splits: usize) -> Result<()> {
    if n_splits == 0 {
        return Err(Error::Setting { setting: "n_splits", value: "0".to_owned(), expected: "at least 1" });
    }
    Ok(())
}

/// Writes the methods that size a random splitter with a field `sizes: Sizes`, whose parts are counted in `units`.
macro_rules! size_methods {
    ($splitter:ident, $units:literal) => {
        impl $splitter {
            #[doc = concat!("The size of the test part, as a fraction or a number of ", $units, ".")]
            pub fn test_size(self, size: impl Into<$crate::split::Size>) -> Self {
                let test = Some(size.into());
                Self { sizes: $crate::split::size::Sizes { test, ..self.sizes }, ..self }
            }

            #[doc = concat!("The size of the training part, as a fraction or a number of ", $units, ".")]
            pub fn train_size(self, size: impl Into<$crate::split::Size>) -> Self {
                let train = Some(size.into());
                Self { sizes: $crate::split::size::Sizes { train, ..self.sizes }, ..self }
            }
        }
    };
}

pub(super) use size_methods;
