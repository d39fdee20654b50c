//! Splitters: which rows each fold trains on and which it scores.

mod kfold;
mod stratified_kfold;

pub use kfold::KFold;
pub use stratified_kfold::StratifiedKFold;

use std::fmt;

use crate::{
    error::{Error, Result},
    seed::Seed,
};

/// What a splitter may know of the data.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// Number of rows.
    pub len: usize,
    /// The class of each row, where there are classes.
    pub strata: Option<&'a [usize]>,
}

/// One fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows to train on, in the splitter's order.
    pub train: Vec<usize>,
    /// Rows to score on, in the splitter's order.
    pub test: Vec<usize>,
}

/// All folds of a splitter on one data set, and what it found odd about the data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folds {
    /// The folds in order.
    pub splits: Vec<Split>,
    /// What scikit-learn would warn of.
    pub warnings: Vec<Warning>,
}

/// A peculiarity of the data that does not stop a search but should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A class has fewer rows than there are folds, so some folds score none of it.
    SmallClass {
        /// The class.
        class: usize,
        /// Its rows.
        rows: usize,
        /// The folds.
        folds: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SmallClass { class, rows, folds } => {
                write!(f, "class {class} has {rows} rows, fewer than the {folds} folds: some folds score none of it")
            }
        }
    }
}

/// Divides rows into folds.
///
/// Unshuffled splitters give scikit-learn's indices; shuffled ones draw from the study's seed.
pub trait Splitter: fmt::Debug + Send + Sync {
    /// The folds of `rows`.
    ///
    /// # Errors
    /// Where the splitter's settings do not fit the data; found before any training.
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds>;
}

/// Checks a number of folds against a number of rows.
fn check_folds(folds: usize, rows: usize) -> Result<()> {
    if folds < 2 {
        return Err(Error::TooFewFolds { folds });
    }
    if folds > rows {
        return Err(Error::MoreFoldsThanRows { folds, rows });
    }
    Ok(())
}

/// Splits from the fold of each row, rows in ascending order, as scikit-learn's test masks give them.
fn by_fold(fold_of: &[usize], folds: usize) -> Vec<Split> {
    let part = |keep: &dyn Fn(usize) -> bool| (0..fold_of.len()).filter(|&row| keep(fold_of[row])).collect::<Vec<_>>();
    (0..folds).map(|fold| Split { train: part(&|of| of != fold), test: part(&|of| of == fold) }).collect()
}
