//! K folds with the classes' proportions kept.

use super::{Folds, Rows, Splitter, Warning, by_fold, check_folds};
use crate::{
    error::{Error, Result},
    seed::{Purpose, Seed, shuffle},
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
/// let folds = StratifiedKFold::new(2).split(Rows { len: 7, strata: Some(&labels) }, Seed(0))?;
/// assert_eq!(folds.splits[0].test, [0, 1, 3, 4]);
/// assert_eq!(folds.splits[1].test, [2, 5, 6]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratifiedKFold {
    folds: usize,
    shuffle: bool,
}

impl StratifiedKFold {
    /// `folds` folds; at least 2 and at most as many as the largest class has rows, which
    /// [`split`](Splitter::split) checks.
    pub fn new(folds: usize) -> Self {
        Self { folds, shuffle: false }
    }

    /// Chooses the rows of each class for each fold at random, from the study's seed.
    pub fn shuffle(self) -> Self {
        Self { shuffle: true, ..self }
    }
}

impl Splitter for StratifiedKFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        let labels = rows.strata.ok_or(Error::NeedsClasses { splitter: "StratifiedKFold" })?;
        check_folds(self.folds, rows.len)?;

        let (classes, encoded) = encode(labels);
        let mut members = vec![0_usize; classes.len()];
        for &class in &encoded {
            members[class] += 1;
        }
        let largest = members.iter().copied().max().unwrap_or(0);
        if self.folds > largest {
            return Err(Error::MoreFoldsThanMembers { folds: self.folds, largest });
        }
        let mut warnings: Vec<Warning> = classes
            .iter()
            .zip(&members)
            .filter(|&(_, &rows)| rows < self.folds)
            .map(|(&class, &rows)| Warning::SmallClass { class, rows, folds: self.folds })
            .collect();
        warnings.sort_by_key(|Warning::SmallClass { class, .. }| *class);

        let mut sorted = encoded.clone();
        sorted.sort_unstable();
        let mut allocation = vec![vec![0_usize; self.folds]; classes.len()];
        for (position, &class) in sorted.iter().enumerate() {
            allocation[class][position % self.folds] += 1;
        }

        // One stream for all classes, class after class: the draws of a class depend on the classes before it, as in
        // scikit-learn, which keeps the permutations of different classes independent of each other.
        let mut rng = seed.key(Purpose::Split).rng();
        let mut fold_of = vec![0; rows.len];
        for (class, shares) in allocation.iter().enumerate() {
            let mut folds: Vec<usize> =
                shares.iter().enumerate().flat_map(|(fold, &share)| std::iter::repeat_n(fold, share)).collect();
            if self.shuffle {
                shuffle(&mut rng, &mut folds);
            }
            let members = (0..rows.len).filter(|&row| encoded[row] == class);
            for (row, fold) in members.zip(folds) {
                fold_of[row] = fold;
            }
        }
        Ok(Folds { splits: by_fold(&fold_of, self.folds), warnings })
    }
}

/// The distinct labels in order of first appearance, and each row's position among them.
fn encode(labels: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut classes = Vec::new();
    let mut position_of = std::collections::HashMap::new();
    let encoded = labels
        .iter()
        .map(|&label| {
            *position_of.entry(label).or_insert_with(|| {
                classes.push(label);
                classes.len() - 1
            })
        })
        .collect();
    (classes, encoded)
}
