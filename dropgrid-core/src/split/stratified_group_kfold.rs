//! K folds that keep each group together and the classes' proportions as well as groups allow.

use super::{
    Folds, Rows, Splitter,
    group_kfold::check_groups,
    parts::by_fold,
    rows::Codes,
    sklearn::numpy_sum::{in_order, pairwise, std},
    sklearn::{Source, shuffle_methods},
    stratified_kfold::check_members,
};
use crate::{
    error::{Error, Result, SplitError},
    seed::{Purpose, Seed},
};

/// K-fold cross-validation in which no group is on both sides of a fold, and every fold has about the same share of
/// each class.
///
/// Groups are assigned greedily, those first whose class counts have the largest standard deviation. A group goes to
/// the fold that makes the folds' shares of each class most equal (the least standard deviation over folds, averaged
/// over classes), and of folds that do so within NumPy's `isclose`, to the one with the fewest rows.
/// [`shuffle`](Self::shuffle) only changes which of groups with the same deviation comes first. The rule and the
/// unshuffled indices are those of scikit-learn's [`StratifiedGroupKFold`][page].
///
/// Few groups, or groups that have little in common, can leave a fold without rows; scikit-learn hands such a fold out,
/// here it is an error.
///
/// [page]: https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.StratifiedGroupKFold.html
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{Rows, Splitter, StratifiedGroupKFold}};
/// let labels = [0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// let groups = [1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 5, 5, 6, 6, 7, 8, 8];
/// let rows = Rows::new(17).with_strata(&labels).with_groups(&groups);
/// let folds = StratifiedGroupKFold::new(3).split(rows, Seed(0))?;
/// assert_eq!(folds.splits[0].test, [4, 5, 6, 12, 13, 14]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratifiedGroupKFold {
    n_splits: usize,
    shuffle: Option<Source>,
}

impl StratifiedGroupKFold {
    /// `n_splits` folds; at least 2, at most one a group and at most as many as the largest class has rows, which
    /// [`split`](Splitter::split) checks.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, shuffle: None }
    }
}

shuffle_methods!(StratifiedGroupKFold, "Breaks ties between groups");

impl Splitter for StratifiedGroupKFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        rows.check_folds(self.n_splits)?;
        let mut warnings = Vec::new();
        let classes = rows.classes("StratifiedGroupKFold")?;
        let groups = rows.grouping("StratifiedGroupKFold")?;
        check_members(&classes, self.n_splits, &mut warnings)?;
        check_groups(&groups, self.n_splits)?;

        let members = class_counts(&classes, &groups);
        let mut order: Vec<u32> = (0..groups.len() as u32).collect();
        if let Some(source) = self.shuffle {
            source.stream(seed, Purpose::Split).shuffle(&mut order);
        }
        let spread = spreads(&members, classes.len());
        order.sort_by(|&a, &b| spread[b as usize].total_cmp(&spread[a as usize]));

        let mut balance = Balance::new(&classes.counts, self.n_splits);
        let mut fold_of_group = vec![0; groups.len()];
        for group in order {
            let best = balance.best(&members[group as usize]);
            balance.add(best, &members[group as usize]);
            fold_of_group[group as usize] = best as u32;
        }
        if let Some(fold) = balance.rows.iter().position(|&rows| rows == 0) {
            return Err(Error::Split(SplitError::EmptyFold { fold, part: "test" }));
        }
        let fold_of = groups.of.iter().map(|&group| fold_of_group[group as usize]);
        Ok(Folds { splits: by_fold(rows.len, self.n_splits, fold_of), warnings })
    }
}

/// For each group, the classes it has rows of and how many, by ascending class.
fn class_counts(classes: &Codes, groups: &Codes) -> Vec<Vec<(usize, usize)>> {
    let mut members: Vec<Vec<(usize, usize)>> = vec![Vec::new(); groups.len()];
    let (rows, starts) = groups.rows();
    let mut counts = vec![0; classes.len()];
    for (group, bounds) in members.iter_mut().zip(starts.windows(2)) {
        let mut present = Vec::new();
        for &row in &rows[bounds[0]..bounds[1]] {
            let class = classes.of[row as usize] as usize;
            if counts[class] == 0 {
                present.push(class);
            }
            counts[class] += 1;
        }
        present.sort_unstable();
        *group = present.into_iter().map(|class| (class, std::mem::take(&mut counts[class]))).collect();
    }
    members
}

/// The standard deviation of each group's class counts.
fn spreads(members: &[Vec<(usize, usize)>], classes: usize) -> Vec<f64> {
    let mut counts = vec![0.0; classes];
    let mut squares = Vec::new();
    members
        .iter()
        .map(|group| {
            for &(class, count) in group {
                counts[class] = count as f64;
            }
            let spread = std(&counts, pairwise, &mut squares);
            for &(class, _) in group {
                counts[class] = 0.0;
            }
            spread
        })
        .collect()
}

/// The folds as they fill up.
struct Balance {
    class_sizes: Vec<f64>,
    n_splits: usize,
    /// Rows of each class in each fold: class by class, so that one class's folds are side by side.
    counts: Vec<usize>,
    /// `counts` as shares of the class.
    shares: Vec<f64>,
    /// The standard deviation of each class's shares.
    spread: Vec<f64>,
    /// Rows in each fold.
    rows: Vec<usize>,
    sum: fn(&[f64]) -> f64,
    squares: Vec<f64>,
}

impl Balance {
    fn new(class_sizes: &[usize], n_splits: usize) -> Self {
        let cells = class_sizes.len() * n_splits;
        Self {
            class_sizes: class_sizes.iter().map(|&size| size as f64).collect(),
            n_splits,
            counts: vec![0; cells],
            shares: vec![0.0; cells],
            spread: vec![0.0; class_sizes.len()],
            rows: vec![0; n_splits],
            // scikit-learn's table has a column a class: NumPy adds up its rows, unless it is a single column, which
            // is contiguous.
            sum: if class_sizes.len() == 1 { pairwise } else { in_order },
            squares: Vec::new(),
        }
    }

    /// The fold to which the group is added at the least cost.
    fn best(&mut self, group: &[(usize, usize)]) -> usize {
        let (mut best, mut least, mut fewest) = (0, f64::INFINITY, usize::MAX);
        let mut spread = self.spread.clone();
        for fold in 0..self.n_splits {
            for &(class, count) in group {
                let at = class * self.n_splits + fold;
                let before = self.shares[at];
                self.shares[at] = (self.counts[at] + count) as f64 / self.class_sizes[class];
                spread[class] = self.spread_of(class);
                self.shares[at] = before;
            }
            let cost = pairwise(&spread) / spread.len() as f64;
            if cost < least || (is_close(cost, least) && self.rows[fold] < fewest) {
                (best, least, fewest) = (fold, cost, self.rows[fold]);
            }
        }
        best
    }

    fn add(&mut self, fold: usize, group: &[(usize, usize)]) {
        for &(class, count) in group {
            let at = class * self.n_splits + fold;
            self.counts[at] += count;
            self.shares[at] = self.counts[at] as f64 / self.class_sizes[class];
            self.spread[class] = self.spread_of(class);
            self.rows[fold] += count;
        }
    }

    fn spread_of(&mut self, class: usize) -> f64 {
        let shares = &self.shares[class * self.n_splits..][..self.n_splits];
        std(shares, self.sum, &mut self.squares)
    }
}

/// `numpy.isclose` with its defaults.
fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-8 + 1e-5 * b.abs()
}
