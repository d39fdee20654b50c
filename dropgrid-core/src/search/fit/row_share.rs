//! A share of a fold's training rows.

use std::{borrow::Cow, collections::HashSet};

use super::fold_runner::FoldRunner;
use crate::{
    error::StrategyError,
    model::Model,
    record::{Budget, Job, Share},
    seed::{Purpose, Seed, shuffle},
    train::TrainTarget,
};

/// Checks that a job's share of its fold's rows leaves rows to train on.
pub(in crate::search) type ShareCheck<'a, P> = Box<dyn FnMut(&Job<P>) -> Result<(), StrategyError> + 'a>;

impl<M: Model, T: TrainTarget<Output = M::Output>> FoldRunner<'_, M, T> {
    /// Makes a check that a job's share leaves rows to train on after rows are set aside for validation. The check
    /// splits each share of a fold once.
    pub(in crate::search) fn share_check(&self) -> ShareCheck<'_, M::Params> {
        let mut known = HashSet::new();
        Box::new(move |Job { params, fold, budget, .. }| {
            let Budget::Rows(share) = *budget else { return Ok(()) };
            let recipe = self.recipe_of(params);
            if !recipe.needs_validation() || !known.insert((share, *fold, recipe.validation_fraction.to_bits())) {
                return Ok(());
            }
            let train = &self.splits[*fold as usize].train;
            let rows =
                row_share(train.as_slice(), share, self.data.targets().strata(), self.seed, self.fold_of_rows(*fold));
            match self.validation_split(&recipe, *fold, &rows, 0) {
                Ok(_) => Ok(()),
                Err(_) => Err(StrategyError::ShareTooSmall { share: share.get(), fold: *fold, rows: rows.len() }),
            }
        })
    }
}

/// Draws a share of a fold's training rows `train` by `seed`, and returns them in their original order. Each of the
/// `strata` is drawn in proportion. The rows of a smaller share are a subset of those of a larger one. On folds of a
/// time series, too, it is a sample of the whole past, not its most recent part.
pub(super) fn row_share<'a>(
    train: &'a [usize],
    share: Share,
    strata: Option<&[usize]>,
    seed: Seed,
    fold: u32,
) -> Cow<'a, [usize]> {
    if share == Share::ALL {
        return Cow::Borrowed(train);
    }
    let mut places: Vec<usize> = (0..train.len()).collect();
    shuffle(&mut seed.key(Purpose::RowShare).fold(fold).rng(), &mut places);
    if let Some(strata) = strata {
        let stratum = |place: usize| strata[train[place]];
        let mut sizes = vec![0_usize; strata.iter().max().map_or(0, |last| last + 1)];
        for &place in &places {
            sizes[stratum(place)] += 1;
        }
        let mut seen = vec![0_usize; sizes.len()];
        // Row r of a stratum of n rows has the position (r + 1/2) / n, so every prefix has all strata in proportion.
        let mut order: Vec<(f64, usize)> = Vec::with_capacity(places.len());
        for place in places {
            let stratum = stratum(place);
            order.push(((seen[stratum] as f64 + 0.5) / sizes[stratum] as f64, place));
            seen[stratum] += 1;
        }
        // The sort is stable: rows with equal positions keep their drawn order.
        order.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        places = order.into_iter().map(|(_, place)| place).collect();
    }
    places.truncate(share.of(train.len()));
    places.sort_unstable();
    places.into_iter().map(|place| train[place]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn smaller_shares_are_parts_of_larger_ones_with_strata_in_proportion() {
        // 60 rows of stratum 0, 30 of 1 and 10 of 2, sorted by stratum, every other row of the data.
        let strata: Vec<usize> =
            (0..200).map(|row| [0, 1, 2][usize::from(row >= 120) + usize::from(row >= 180)]).collect();
        let train: Vec<usize> = (0..200).step_by(2).collect();
        let of = |share: f64, strata| row_share(&train, Share::new(share).expect("a share"), strata, Seed(3), 1);
        let mut before: HashSet<usize> = HashSet::new();
        for share in [0.1, 0.2, 0.5, 0.9, 1.0] {
            let rows = of(share, Some(&strata));
            assert!(rows.is_sorted());
            let counts = [0, 1, 2].map(|stratum| rows.iter().filter(|&&row| strata[row] == stratum).count() as f64);
            for (count, size) in counts.into_iter().zip([60.0, 30.0, 10.0]) {
                assert!((count - size * share).abs() <= 1.0, "{counts:?} at {share}");
            }
            let rows: HashSet<usize> = rows.iter().copied().collect();
            assert!(before.is_subset(&rows));
            before = rows;
        }
        assert_eq!(of(1.0, Some(&strata)), train);
        assert_eq!(of(0.5, None).len(), 50);
        assert_ne!(of(0.5, None), train[..50].to_vec(), "rows are drawn");
        let other = row_share(&train, Share::new(0.5).expect("a share"), None, Seed(3), 2);
        assert_ne!(of(0.5, None), other, "each fold draws its own");
    }
}
