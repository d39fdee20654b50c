//! Random splits with the classes' proportions kept.

use std::sync::Arc;

use super::{
    Folds, Indices, Rows, Split, Splitter,
    rows::Codes,
    size::{Sizes, check_splits, size_methods},
    sklearn::{Source, Stream, shuffle_methods},
};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// Random splits in which both parts have nearly the data's share of each class.
///
/// The training part gets `floor(n_c / n * n_train)` rows of class `c`, and the rows still missing go to the classes
/// with the largest remainders, ties drawn at random; then the test part likewise from what is left. The rows of each
/// class are permuted for the choice, and both lists are permuted once more. `test_size` is 0.1 where neither size is
/// given. Under [`shuffle_with`](Self::shuffle_with) the indices are those of scikit-learn's
/// [`StratifiedShuffleSplit`][page].
///
/// [page]: https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.StratifiedShuffleSplit.html
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{Rows, SklearnShuffle, Splitter, StratifiedShuffleSplit}};
/// let splitter = StratifiedShuffleSplit::new(5).test_size(0.5).shuffle_with(SklearnShuffle::seed(0));
/// let folds = splitter.split(Rows::new(6).with_strata(&[0, 0, 0, 1, 1, 1]), Seed(0))?;
/// assert_eq!(folds.splits[0].train, [5, 2, 3]);
/// assert_eq!(folds.splits[0].test, [4, 1, 0]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StratifiedShuffleSplit {
    n_splits: usize,
    sizes: Sizes,
    source: Source,
}

impl StratifiedShuffleSplit {
    /// `n_splits` random splits, at least 1.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, sizes: Sizes::default(), source: Source::Study }
    }
}

size_methods!(StratifiedShuffleSplit, "rows; at least one row a class");
shuffle_methods!(StratifiedShuffleSplit);

impl Splitter for StratifiedShuffleSplit {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        check_splits(self.n_splits)?;
        let (train, test) = self.sizes.resolve(rows.len, "rows", 0.1)?;
        rows.check_indices(self.n_splits as u128)?;
        let strata = Strata::new(&rows.classes("StratifiedShuffleSplit")?, train, test)?;
        let splits = self.source.splits(seed, self.n_splits, rows.len, |stream| strata.draw(stream));
        Ok(Folds { splits, warnings: rows.ignore_groups("StratifiedShuffleSplit") })
    }
}

/// The rows of each class, and how many rows each part takes.
#[derive(Debug)]
pub(super) struct Strata {
    counts: Vec<usize>,
    rows: Vec<u32>,
    starts: Vec<usize>,
    train: usize,
    test: usize,
}

impl Strata {
    /// Checks that every class can be on both sides.
    pub(super) fn new(classes: &Codes, train: usize, test: usize) -> Result<Self> {
        let lone: Vec<usize> = classes
            .labels
            .iter()
            .zip(&classes.counts)
            .filter(|&(_, &count)| count < 2)
            .map(|(&label, _)| label)
            .collect();
        if !lone.is_empty() {
            return Err(Error::Split(SplitError::LoneClasses { classes: lone }));
        }
        for (part, size) in [("training", train), ("test", test)] {
            if size < classes.len() {
                return Err(Error::Split(SplitError::FewerRowsThanClasses {
                    part,
                    rows: size,
                    classes: classes.len(),
                }));
            }
        }
        let (rows, starts) = classes.rows();
        Ok(Self { counts: classes.counts.clone(), rows, starts, train, test })
    }

    /// One random split.
    pub(super) fn draw(&self, stream: &mut Stream) -> Split {
        let mut left = self.counts.clone();
        let n_train = shares(&left, self.train, stream);
        for (left, taken) in left.iter_mut().zip(&n_train) {
            *left -= taken;
        }
        let n_test = shares(&left, self.test, stream);

        let (mut train, mut test) = (Vec::with_capacity(self.train), Vec::with_capacity(self.test));
        for (class, bounds) in self.starts.windows(2).enumerate() {
            // A shuffled copy of the rows is the rows in the order of a permutation.
            let mut members = self.rows[bounds[0]..bounds[1]].to_vec();
            stream.shuffle(&mut members);
            let (trained, rest) = members.split_at(n_train[class]);
            train.extend_from_slice(trained);
            test.extend_from_slice(&rest[..n_test[class]]);
        }
        let mut part = |mut rows: Vec<u32>| {
            stream.shuffle(&mut rows);
            let all = 0..rows.len();
            Indices::drawn(&Arc::new(rows), all)
        };
        Split { train: part(train), test: part(test) }
    }
}

/// The likely numbers of each class among `draws` rows: shares rounded down, then one more in order of the remainder,
/// equal remainders drawn at random.
///
/// The arithmetic is scikit-learn's, operation by operation, because its ties are ties of floating-point numbers.
#[allow(clippy::cast_sign_loss, reason = "shares of counts are not negative")]
fn shares(counts: &[usize], draws: usize, stream: &mut Stream) -> Vec<usize> {
    let total = counts.iter().sum::<usize>() as f64;
    let exact: Vec<f64> = counts.iter().map(|&count| count as f64 / total * draws as f64).collect();
    let mut shares: Vec<usize> = exact.iter().map(|share| share.floor() as usize).collect();
    let mut missing = draws.saturating_sub(shares.iter().sum());

    let remainder = |class: usize| exact[class] - exact[class].floor();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)));
    for tied in order.chunk_by(|&a, &b| remainder(a).total_cmp(&remainder(b)).is_eq()) {
        if missing == 0 {
            break;
        }
        // scikit-learn permutes the tied classes even where it takes them all.
        let mut tied = tied.to_vec();
        stream.shuffle(&mut tied);
        for &class in tied.iter().take(missing) {
            shares[class] += 1;
        }
        missing = missing.saturating_sub(tied.len());
    }
    shares
}
