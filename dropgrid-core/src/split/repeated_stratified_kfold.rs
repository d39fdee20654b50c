//! Stratified K folds, several times over.

use super::{
    Folds, Rows, Splitter,
    repeated_kfold::check_repeats,
    sklearn::{Source, shuffle_methods},
    stratified_kfold::Strata,
};
use crate::{
    error::Result,
    seed::{Purpose, Seed},
};

/// [`StratifiedKFold`](super::StratifiedKFold), shuffled anew for each of several repeats, 10 unless said otherwise.
///
/// All repeats draw from one stream, so that the first repeats do not depend on how many follow. Under
/// [`shuffle_with`](Self::shuffle_with) the folds are those of scikit-learn's [`RepeatedStratifiedKFold`][page].
///
/// [page]: https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.RepeatedStratifiedKFold.html
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{RepeatedStratifiedKFold, Rows, SklearnShuffle, Splitter}};
/// let splitter = RepeatedStratifiedKFold::new(2).n_repeats(2).shuffle_with(SklearnShuffle::seed(36_851_234));
/// let folds = splitter.split(Rows::new(4).with_strata(&[0, 0, 1, 1]), Seed(0))?;
/// let tests: Vec<_> = folds.splits.iter().map(|split| split.test.as_slice()).collect();
/// assert_eq!(tests, [[0, 3], [1, 2], [0, 2], [1, 3]]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedStratifiedKFold {
    n_splits: usize,
    n_repeats: usize,
    source: Source,
}

impl RepeatedStratifiedKFold {
    /// Ten repeats of `n_splits` folds; at least 2 and at most as many as the largest class has rows, which
    /// [`split`](Splitter::split) checks.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, n_repeats: 10, source: Source::Study }
    }

    /// The number of repeats, at least 1.
    pub fn n_repeats(self, n_repeats: usize) -> Self {
        Self { n_repeats, ..self }
    }
}

shuffle_methods!(RepeatedStratifiedKFold);

impl Splitter for RepeatedStratifiedKFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        check_repeats(&rows, self.n_splits, self.n_repeats)?;
        let mut warnings = rows.ignore_groups("RepeatedStratifiedKFold");
        let strata = Strata::new(rows.classes("RepeatedStratifiedKFold")?, self.n_splits, &mut warnings)?;
        let mut stream = self.source.stream(seed, Purpose::Split);
        let splits = (0..self.n_repeats).flat_map(|_| strata.split(Some(&mut stream))).collect();
        Ok(Folds { splits, warnings })
    }
}
