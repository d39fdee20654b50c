//! K folds, several times over.

use super::{
    Folds, Rows, Splitter, kfold,
    sklearn::{Source, shuffle_methods},
};
use crate::{
    error::{Error, Result},
    seed::{Purpose, Seed},
};

/// [`KFold`](super::KFold), shuffled anew for each of several repeats, 10 unless said otherwise.
///
/// All repeats draw from one stream, so that the first repeats do not depend on how many follow. The folds are
/// those of scikit-learn's
/// [`RepeatedKFold`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.RepeatedKFold.html)
/// under [`shuffle_with`](Self::shuffle_with).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{RepeatedKFold, Rows, SklearnShuffle, Splitter}};
/// let splitter = RepeatedKFold::new(2).n_repeats(2).shuffle_with(SklearnShuffle::seed(2_652_124));
/// let folds = splitter.split(Rows::new(4), Seed(0))?;
/// let tests: Vec<_> = folds.splits.iter().map(|split| split.test.as_slice()).collect();
/// assert_eq!(tests, [[2, 3], [0, 1], [0, 3], [1, 2]]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedKFold {
    n_splits: usize,
    n_repeats: usize,
    source: Source,
}

impl RepeatedKFold {
    /// Ten repeats of `n_splits` folds; at least 2 and at most one a row, which [`split`](Splitter::split) checks.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, n_repeats: 10, source: Source::Study }
    }

    /// The number of repeats, at least 1.
    pub fn n_repeats(self, n_repeats: usize) -> Self {
        Self { n_repeats, ..self }
    }
}

shuffle_methods!(RepeatedKFold);

impl Splitter for RepeatedKFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        check_repeats(&rows, self.n_splits, self.n_repeats)?;
        let mut stream = self.source.stream(seed, Purpose::Split);
        let repeats = (0..self.n_repeats).flat_map(|_| kfold::shuffled(rows.len, self.n_splits, &mut stream));
        Ok(Folds { splits: repeats.collect(), warnings: rows.ignore_groups("RepeatedKFold") })
    }
}

/// Checks the folds, the repeats and their product.
pub(super) fn check_repeats(rows: &Rows<'_>, n_splits: usize, n_repeats: usize) -> Result<()> {
    if n_repeats == 0 {
        return Err(Error::Setting { setting: "n_repeats", value: "0".to_owned(), expected: "at least 1" });
    }
    rows.check_folds(n_splits)?;
    rows.check_indices((n_splits as u128).saturating_mul(n_repeats as u128))
}
