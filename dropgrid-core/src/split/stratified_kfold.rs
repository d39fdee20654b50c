//! K folds with the classes' proportions kept.

use super::{
    Folds, Rows, Split, Splitter, Warning,
    parts::by_fold,
    rows::{Codes, starts},
    sklearn::{Source, Stream, shuffle_methods},
};
use crate::{
    error::{Error, Result, SplitError},
    seed::{Purpose, Seed},
};

/// K-fold cross-validation in which every fold has nearly the same share of each class.
///
/// Classes are numbered by their first appearance; fold `i` gets as many rows of a class as stand at the positions
/// `i, i + k, i + 2k, …` of the sorted labels, and takes them in the order of the data. Without
/// [`shuffle`](Self::shuffle) these are the indices of scikit-learn's
/// [`StratifiedKFold`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.StratifiedKFold.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{Rows, Splitter, StratifiedKFold}};
/// let labels = [1, 1, 1, 0, 0, 0, 0];
/// let folds = StratifiedKFold::new(2).split(Rows::new(7).with_strata(&labels), Seed(0))?;
/// assert_eq!(folds.splits[0].test, [0, 1, 3, 4]);
/// assert_eq!(folds.splits[1].test, [2, 5, 6]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratifiedKFold {
    n_splits: usize,
    shuffle: Option<Source>,
}

impl StratifiedKFold {
    /// `n_splits` folds; at least 2 and at most as many as the largest class has rows, which
    /// [`split`](Splitter::split) checks.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, shuffle: None }
    }
}

shuffle_methods!(StratifiedKFold, "Chooses the rows of each class for each fold");

impl Splitter for StratifiedKFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        rows.check_folds(self.n_splits)?;
        let mut warnings = rows.ignore_groups("StratifiedKFold");
        let strata = Strata::new(rows.classes("StratifiedKFold")?, self.n_splits, &mut warnings)?;
        let mut stream = self.shuffle.map(|source| source.stream(seed, Purpose::Split));
        Ok(Folds { splits: strata.split(stream.as_mut()), warnings })
    }
}

/// The number of rows of each class that go to each fold. All repeats share it.
#[derive(Debug)]
pub(super) struct Strata {
    classes: Codes,
    n_splits: usize,
    /// For each class by first appearance, the fold of each of its rows, ascending; one class after another.
    blocks: Vec<u32>,
    /// The start of each class's block, in the same order.
    starts: Vec<usize>,
    /// The classes by first appearance.
    order: Vec<u32>,
}

impl Strata {
    /// Divides the classes' rows among the folds.
    pub(super) fn new(classes: Codes, n_splits: usize, warnings: &mut Vec<Warning>) -> Result<Self> {
        check_members(&classes, n_splits, warnings)?;
        let order = classes.by_appearance();
        let starts = starts(order.iter().map(|&class| classes.counts[class as usize]));
        let mut blocks = Vec::with_capacity(classes.of.len());
        for block in starts.windows(2) {
            share(block[0], block[1] - block[0], n_splits, &mut blocks);
        }
        Ok(Self { classes, n_splits, blocks, starts, order })
    }

    /// The splits; with a stream, the folds of each class's rows are shuffled.
    ///
    /// One stream serves all classes, one after another: the draws of a class depend on the classes before it, as in
    /// scikit-learn, which keeps the permutations of different classes independent of each other.
    pub(super) fn split(&self, stream: Option<&mut Stream>) -> Vec<Split> {
        let mut blocks = std::borrow::Cow::from(&self.blocks);
        if let Some(stream) = stream {
            let blocks = blocks.to_mut();
            for block in self.starts.windows(2) {
                stream.shuffle(&mut blocks[block[0]..block[1]]);
            }
        }
        let mut next = vec![0; self.classes.len()];
        for (&class, &start) in self.order.iter().zip(&self.starts) {
            next[class as usize] = start;
        }
        let fold_of = self.classes.of.iter().map(|&class| {
            let at = &mut next[class as usize];
            *at += 1;
            blocks[*at - 1]
        });
        by_fold(self.classes.of.len(), self.n_splits, fold_of)
    }
}

/// Appends the fold of each row of a class that stands at the positions `start..start + count` of the sorted labels.
/// Position `p` belongs to fold `p % folds`, and the class's rows are dealt in ascending order of folds.
fn share(start: usize, count: usize, folds: usize, blocks: &mut Vec<u32>) {
    let (base, extra) = (count / folds, count % folds);
    let first = start % folds;
    // The folds with one row more: `extra` of them from `first` on, around the end.
    let (wrapped, end) = ((first + extra).saturating_sub(folds), (first + extra).min(folds));
    if base == 0 {
        blocks.extend((0..wrapped as u32).chain(first as u32..end as u32));
        return;
    }
    for fold in 0..folds {
        let more = fold < wrapped || (first..end).contains(&fold);
        blocks.extend(std::iter::repeat_n(fold as u32, base + usize::from(more)));
    }
}

/// Refuses more folds than any class has rows, and warns of the classes with fewer rows than folds.
pub(super) fn check_members(classes: &Codes, folds: usize, warnings: &mut Vec<Warning>) -> Result<()> {
    let largest = classes.counts.iter().copied().max().unwrap_or(0);
    if folds > largest {
        return Err(Error::Split(SplitError::MoreFoldsThanMembers { folds, largest }));
    }
    let small = classes.labels.iter().zip(&classes.counts).filter(|&(_, &rows)| rows < folds);
    warnings.extend(small.map(|(&class, &rows)| Warning::SmallClass { class, rows, folds }));
    Ok(())
}
