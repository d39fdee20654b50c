//! The division of a training part into rows to train on and rows to validate on.

use super::{Rows, Split, purge::Spans, rows::Codes};
use crate::{
    error::{Result, SplitError},
    seed::{Key, shuffle},
};

/// The units that validation rows are drawn in, so that the division lets through no more than the folds do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoldoutBy {
    /// Single rows.
    Rows,
    /// Whole groups.
    Groups,
    /// Time: the validation rows come after the rows to train on, with `gap` rows of the data between them.
    Time { gap: usize },
}

/// A training part, divided.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Holdout {
    /// Rows to train on.
    pub(crate) fit: Vec<usize>,
    /// Rows to validate on.
    pub(crate) validation: Vec<usize>,
}

impl HoldoutBy {
    /// The units that `splits` keep apart. They are read off the folds, so that they hold for a user's splitters too.
    ///
    /// It is time where every fold scores only rows after those that it trains on, with the smallest gap that a fold
    /// has; else groups, where no fold has a group on both sides; else rows.
    pub(crate) fn of(rows: Rows<'_>, splits: &[Split]) -> Self {
        let gap = |split: &Split| {
            let (last, first) = (split.train.iter().max()?, split.test.iter().min()?);
            first.checked_sub(last + 1)
        };
        let gaps: Option<Vec<usize>> = splits.iter().map(gap).collect();
        if let Some(gap) = gaps.and_then(|gaps| gaps.into_iter().min()) {
            return Self::Time { gap };
        }
        let whole = |groups: &[usize]| {
            let mut trained = vec![usize::MAX; groups.iter().max().map_or(0, |&last| last + 1)];
            splits.iter().enumerate().all(|(fold, split)| {
                split.train.iter().for_each(|row| trained[groups[row]] = fold);
                split.test.iter().all(|row| trained[groups[row]] != fold)
            })
        };
        if rows.groups.is_some_and(whole) { Self::Groups } else { Self::Rows }
    }

    /// These units for rows that share steps of a series, of which `spans` are the first and the last: drawn one by
    /// one, validation rows would keep their neighbours on all sides out of the rows to train on, so the last rows are
    /// taken instead.
    pub(crate) fn for_spans(self, spans: Option<&Spans>) -> Self {
        if self == Self::Rows && spans.is_some() { Self::Time { gap: 0 } } else { self }
    }

    /// Divides `part`, the training part of fold number `fold`, so that about `fraction` of its rows are for
    /// validation: at least one row, and never all.
    ///
    /// | units | validation rows |
    /// |---|---|
    /// | rows | `ceil(fraction * n)` rows drawn with `key`, of each class its share, and of no class all rows |
    /// | groups | whole groups in random order; each is taken that still fits into as many rows, or the smallest where none fits |
    /// | time | the last `ceil(fraction * n)` rows; the rows within the gap before them, counted in rows of the data, are in neither part |
    ///
    /// Both parts keep the order of `part`.
    ///
    /// # Errors
    /// [`SplitError::NoValidationRows`] where one of both parts would be empty.
    pub(crate) fn divide(self, part: &[usize], fraction: f64, rows: Rows<'_>, key: Key, fold: u32) -> Result<Holdout> {
        #[allow(clippy::cast_sign_loss, reason = "a positive fraction of a count")]
        let wanted = ((fraction * part.len() as f64).ceil() as usize).max(1);
        let sides = match self {
            Self::Time { gap } => by_time(part, wanted, gap),
            Self::Groups => by_groups(part, wanted, rows.groups.unwrap_or_default(), key),
            Self::Rows => by_rows(part, wanted, rows.strata, key),
        };
        let sides = sides.map_err(|Indivisible { of, units }| SplitError::NoValidationRows { fold, of, units })?;
        let of = |side: Side| {
            let rows = part.iter().zip(&sides).filter(|&(_, other)| *other == side);
            rows.map(|(&row, _)| row).collect()
        };
        Ok(Holdout { fit: of(Side::Fit), validation: of(Side::Validation) })
    }
}

/// The side that a row of a training part goes to.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Fit,
    Validation,
    Neither,
}

/// A training part of too few units to be divided.
struct Indivisible {
    of: usize,
    units: &'static str,
}

fn by_time(part: &[usize], wanted: usize, gap: usize) -> Result<Vec<Side>, Indivisible> {
    let mut order: Vec<usize> = (0..part.len()).collect();
    order.sort_unstable_by_key(|&at| part[at]);
    let (before, validation) = order.split_at(part.len().saturating_sub(wanted));
    let first = validation.first().map_or(0, |&at| part[at]);
    let mut sides = vec![Side::Neither; part.len()];
    for &at in validation {
        sides[at] = Side::Validation;
    }
    // The gap is one of time: it counts rows of the data, of which the part may be a sample.
    for &at in before.iter().filter(|&&at| part[at] + gap < first) {
        sides[at] = Side::Fit;
    }
    if sides.contains(&Side::Fit) { Ok(sides) } else { Err(Indivisible { of: part.len(), units: "rows" }) }
}

fn by_groups(part: &[usize], wanted: usize, groups: &[usize], key: Key) -> Result<Vec<Side>, Indivisible> {
    let groups = of_part(groups, part);
    if groups.len() < 2 {
        return Err(Indivisible { of: groups.len(), units: "groups" });
    }
    let mut order: Vec<usize> = (0..groups.len()).collect();
    key.shuffle(&mut order);
    let (mut left, mut is_taken) = (wanted.min(part.len() - 1), vec![false; groups.len()]);
    for &group in &order {
        if let Some(less) = left.checked_sub(groups.counts[group]) {
            (left, is_taken[group]) = (less, true);
        }
    }
    // Where every group is larger than that: the smallest, and of equals the first one drawn.
    if !is_taken.contains(&true)
        && let Some(&smallest) = order.iter().min_by_key(|&&group| groups.counts[group])
    {
        is_taken[smallest] = true;
    }
    let side = |&group: &u32| if is_taken[group as usize] { Side::Validation } else { Side::Fit };
    Ok(groups.of.iter().map(side).collect())
}

fn by_rows(part: &[usize], wanted: usize, strata: Option<&[usize]>, key: Key) -> Result<Vec<Side>, Indivisible> {
    if part.len() < 2 {
        return Err(Indivisible { of: part.len(), units: "rows" });
    }
    let wanted = wanted.min(part.len() - 1);
    let classes = strata.map(|strata| of_part(strata, part));
    // Where every class has one row, none can be on both sides.
    let classes = classes.filter(|classes| classes.counts.iter().any(|&count| count > 1));
    let classes = classes.unwrap_or_else(|| Codes::new(&vec![0; part.len()]));
    let (members, starts) = classes.rows();
    let mut rng = key.rng();
    let mut sides = vec![Side::Fit; part.len()];
    for (bounds, take) in starts.windows(2).zip(shares(&classes.counts, wanted)) {
        let mut members = members[bounds[0]..bounds[1]].to_vec();
        shuffle(&mut rng, &mut members);
        members[..take].iter().for_each(|&at| sides[at as usize] = Side::Validation);
    }
    Ok(sides)
}

/// The labels of a part's rows.
fn of_part(labels: &[usize], part: &[usize]) -> Codes {
    Codes::new(&part.iter().map(|&row| labels[row]).collect::<Vec<_>>())
}

/// Divides `wanted` rows among the classes: each gets its share rounded down, then one more in order of the remainder,
/// the first class first. No class gives all its rows.
fn shares(counts: &[usize], wanted: usize) -> Vec<usize> {
    let total: usize = counts.iter().sum();
    let mut shares: Vec<usize> = counts.iter().map(|count| (count * wanted / total).min(count - 1)).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(counts[class] * wanted % total));
    let mut missing = wanted - shares.iter().sum::<usize>();
    // A second round is needed only where small classes could not give their share.
    while missing > 0 {
        let before = missing;
        for &class in &order {
            if missing > 0 && shares[class] + 1 < counts[class] {
                shares[class] += 1;
                missing -= 1;
            }
        }
        if missing == before {
            break;
        }
    }
    shares
}

#[cfg(test)]
mod tests;
