//! A part of the rows to train on, set aside to be watched.

use super::{Rows, Split, codes::Codes};
use crate::{
    error::{Error, Result, SplitError},
    seed::{Key, shuffle},
};

/// By what a training part is divided, so that the division lets through no more than the folds do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bond {
    /// Row by row.
    Rows,
    /// Groups are whole.
    Groups,
    /// What is watched comes after what is trained on, with so many rows between them.
    Time { gap: usize },
}

/// What a training part becomes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Carved {
    pub(crate) fit: Vec<usize>,
    pub(crate) stop: Vec<usize>,
}

impl Bond {
    /// What the folds keep apart, read off the folds, so that it holds for splitters of one's own too: the future where
    /// every fold scores only rows after those that it trains on, with the smallest gap there is; else groups where no
    /// fold has one on both sides.
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

    /// Sets about `share` of `part`, the training part of fold number `fold`, aside: at least one row, and never all.
    ///
    /// | bond | what is set aside |
    /// |---|---|
    /// | rows | `ceil(share * n)` rows drawn with `key`, of each class its share, and of no class all rows |
    /// | groups | whole groups in random order, of which each is taken that still fits into as many rows; the smallest where none fits |
    /// | time | the last `ceil(share * n)` rows, and what is within the gap before them is in neither part |
    ///
    /// Both parts keep the order of `part`.
    ///
    /// # Errors
    /// [`SplitError::NothingToWatch`] where one of both parts would be empty.
    pub(crate) fn carve(self, part: &[usize], share: f64, rows: Rows<'_>, key: Key, fold: u32) -> Result<Carved> {
        #[allow(clippy::cast_sign_loss, reason = "a positive share of a count")]
        let wanted = ((share * part.len() as f64).ceil() as usize).max(1);
        let refused = |of, units| Err(Error::Split(SplitError::NothingToWatch { fold, of, units }));
        match self {
            Self::Time { gap } => {
                let fit = part.len().saturating_sub(wanted).saturating_sub(gap);
                if fit == 0 {
                    return refused(part.len(), "rows");
                }
                let mut order: Vec<usize> = (0..part.len()).collect();
                order.sort_unstable_by_key(|&at| part[at]);
                let mut place = vec![Place::Gap; part.len()];
                order[..fit].iter().for_each(|&at| place[at] = Place::Fit);
                order[part.len() - wanted..].iter().for_each(|&at| place[at] = Place::Stop);
                Ok(divided(part, &place))
            }
            Self::Groups => {
                let groups = of_part(rows.groups.unwrap_or_default(), part);
                if groups.len() < 2 {
                    return refused(groups.len(), "groups");
                }
                let mut order: Vec<usize> = (0..groups.len()).collect();
                key.shuffle(&mut order);
                let (mut room, mut watched) = (wanted.min(part.len() - 1), vec![false; groups.len()]);
                for &group in &order {
                    if let Some(left) = room.checked_sub(groups.counts[group]) {
                        (room, watched[group]) = (left, true);
                    }
                }
                // Each is larger than what is wanted; of equals the first one drawn.
                if !watched.contains(&true)
                    && let Some(&smallest) = order.iter().min_by_key(|&&group| groups.counts[group])
                {
                    watched[smallest] = true;
                }
                let place = |&group: &u32| if watched[group as usize] { Place::Stop } else { Place::Fit };
                Ok(divided(part, &groups.of.iter().map(place).collect::<Vec<_>>()))
            }
            Self::Rows => {
                if part.len() < 2 {
                    return refused(part.len(), "rows");
                }
                let wanted = wanted.min(part.len() - 1);
                let classes = rows.strata.map(|strata| of_part(strata, part));
                // Where every class has one row, none can be on both sides.
                let classes = classes.filter(|classes| classes.counts.iter().any(|&count| count > 1));
                let classes = classes.unwrap_or_else(|| Codes::new(&vec![0; part.len()]));
                let (members, starts) = classes.rows();
                let mut rng = key.rng();
                let mut place = vec![Place::Fit; part.len()];
                for (bounds, take) in starts.windows(2).zip(shares(&classes.counts, wanted)) {
                    let mut members = members[bounds[0]..bounds[1]].to_vec();
                    shuffle(&mut rng, &mut members);
                    members[..take].iter().for_each(|&at| place[at as usize] = Place::Stop);
                }
                Ok(divided(part, &place))
            }
        }
    }
}

/// Where a row of a training part goes.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Fit,
    Stop,
    Gap,
}

fn divided(part: &[usize], places: &[Place]) -> Carved {
    let of = |wanted: Place| {
        let rows = part.iter().zip(places).filter(|&(_, place)| *place == wanted);
        rows.map(|(&row, _)| row).collect()
    };
    Carved { fit: of(Place::Fit), stop: of(Place::Stop) }
}

/// The labels of a part's rows.
fn of_part(labels: &[usize], part: &[usize]) -> Codes {
    Codes::new(&part.iter().map(|&row| labels[row]).collect::<Vec<_>>())
}

/// How many rows of each class make `wanted` rows: its share rounded down, then one more in order of the remainder, the
/// first class first, and never all rows of a class.
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
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        seed::{Purpose, Seed},
        split::{GroupKFold, KFold, ShuffleSplit, Splitter as _, StratifiedKFold, TimeSeriesSplit},
    };

    fn key(fold: u32) -> Key {
        Seed(1).key(Purpose::Stop).fold(fold)
    }

    #[test]
    fn shares_of_classes_are_rounded_by_their_remainders_and_leave_a_row_of_each() {
        assert_eq!(shares(&[50, 30, 20], 10), [5, 3, 2]);
        assert_eq!(shares(&[5, 5, 5], 4), [2, 1, 1]);
        assert_eq!(shares(&[8, 1, 1], 2), [2, 0, 0]);
        assert_eq!(shares(&[2, 2, 2], 5), [1, 1, 1]);
        assert_eq!(shares(&[7], 3), [3]);
    }

    #[test]
    fn classes_have_their_shares_and_both_parts_make_the_whole() {
        let strata: Vec<usize> = (0..200).map(|row| usize::from(row % 10 < 3)).collect();
        let rows = Rows::new(200).with_strata(&strata);
        let splits = StratifiedKFold::new(4).split(rows, Seed(0)).expect("folds").splits;
        assert_eq!(Bond::of(rows, &splits), Bond::Rows);
        let mut seen = Vec::new();
        for (fold, split) in (0..).zip(&splits) {
            let part = split.train.as_slice();
            let Carved { fit, stop } = Bond::Rows.carve(part, 0.1, rows, key(fold), fold).expect("two parts");
            assert_eq!(stop.len(), 15);
            let of_one = stop.iter().filter(|&&row| strata[row] == 1).count();
            assert!((4..=5).contains(&of_one), "30 % of 15 rows are 4.5, not {of_one}");
            let mut both = [fit.clone(), stop.clone()].concat();
            both.sort_unstable();
            let mut whole = part.to_vec();
            whole.sort_unstable();
            assert_eq!(both, whole);
            assert!(fit.is_sorted() && stop.is_sorted(), "the order of the part");
            assert_eq!(Bond::Rows.carve(part, 0.1, rows, key(fold), fold).expect("two parts").stop, stop);
            assert!(split.test.iter().all(|row| !stop.contains(&row)));
            seen.push(stop);
        }
        seen.dedup();
        assert_eq!(seen.len(), 4, "each fold draws by itself");
    }

    #[test]
    fn groups_stay_whole_where_the_folds_keep_them_whole() {
        let groups: Vec<usize> = (0..120).map(|row| row % 12).collect();
        let rows = Rows::new(120).with_groups(&groups);
        let splits = GroupKFold::new(3).split(rows, Seed(0)).expect("folds").splits;
        assert_eq!(Bond::of(rows, &splits), Bond::Groups);
        for (fold, split) in (0..).zip(&splits) {
            let part = split.train.as_slice();
            let Carved { fit, stop } = Bond::Groups.carve(part, 0.2, rows, key(fold), fold).expect("two parts");
            // 16 of 80 rows, in groups of 10: a second one does not fit.
            assert_eq!((fit.len(), stop.len()), (70, 10));
            assert!(stop.iter().all(|&row| fit.iter().all(|&other| groups[other] != groups[row])));
        }
        // Folds that divide groups have no bond to keep.
        let splits = ShuffleSplit::new(3).split(rows, Seed(0)).expect("folds").splits;
        assert_eq!(Bond::of(rows, &splits), Bond::Rows);
    }

    proptest! {
        /// A group that is large beside the others is not set aside for the last row that is wanted.
        #[test]
        fn no_more_is_set_aside_than_wanted_or_the_smallest_group(
            sizes in vec(1_usize..40, 2..12), share in 0.001_f64..0.999, seed in 0_u64..1000,
        ) {
            let mut groups: Vec<usize> = (0..).zip(&sizes).flat_map(|(group, &size)| vec![3 * group; size]).collect();
            let part: Vec<usize> = (0..groups.len()).collect();
            Seed(seed).key(Purpose::Stop).shuffle(&mut groups);
            let rows = Rows::new(groups.len()).with_groups(&groups);
            let key = Seed(seed).key(Purpose::Stop).fold(1);
            let Carved { fit, stop } = Bond::Groups.carve(&part, share, rows, key, 1).expect("two groups");
            prop_assert!(!fit.is_empty() && !stop.is_empty());
            prop_assert_eq!(fit.len() + stop.len(), part.len());
            let of = |rows: &[usize]| rows.iter().map(|&row| groups[row]).collect::<BTreeSet<_>>();
            prop_assert!(of(&fit).is_disjoint(&of(&stop)), "a group is on both sides");
            #[allow(clippy::cast_sign_loss, reason = "a positive share of a count")]
            let wanted = ((share * part.len() as f64).ceil() as usize).min(part.len() - 1);
            let smallest = *sizes.iter().min().expect("a group");
            if smallest > wanted {
                prop_assert_eq!(stop.len(), smallest);
            } else {
                prop_assert!(stop.len() <= wanted, "{} of {wanted}", stop.len());
                // What is left fits nowhere.
                let left = of(&fit).into_iter().map(|group| sizes[group / 3]).min().expect("a group");
                prop_assert!(stop.len() + left > wanted);
            }
        }
    }

    #[test]
    fn the_future_is_watched_where_the_folds_keep_it_apart() {
        let rows = Rows::new(60);
        let splitter = TimeSeriesSplit::new(3).gap(2);
        let splits = splitter.split(rows, Seed(0)).expect("folds").splits;
        assert_eq!(Bond::of(rows, &splits), Bond::Time { gap: 2 });
        for (fold, split) in (0..).zip(&splits) {
            let part = split.train.as_slice();
            let bond = Bond::Time { gap: 2 };
            let Carved { fit, stop } = bond.carve(part, 0.1, rows, key(fold), fold).expect("two parts");
            let n = part.len();
            let watched = n.div_ceil(10);
            assert_eq!((fit.as_slice(), stop.as_slice()), (&part[..n - watched - 2], &part[n - watched..]));
            // Whatever the order in which the rows are handed over.
            let mut reversed = part.to_vec();
            reversed.reverse();
            let again = bond.carve(&reversed, 0.1, rows, key(fold), fold).expect("two parts");
            assert!(again.stop.iter().all(|row| stop.contains(row)));
        }
        // The last fold of an unshuffled `KFold` scores the last rows, but the others do not.
        let splits = KFold::new(3).split(rows, Seed(0)).expect("folds").splits;
        assert_eq!(Bond::of(rows, &splits), Bond::Rows);
    }

    #[test]
    fn parts_are_never_empty() {
        let rows = Rows::new(40);
        let carve = |bond: Bond, part: &[usize], share| bond.carve(part, share, rows, key(0), 7);
        for share in [1e-9, 0.5, 0.999] {
            let Carved { fit, stop } = carve(Bond::Rows, &[3, 9], share).expect("two parts");
            assert_eq!((fit.len(), stop.len()), (1, 1));
        }
        let error = carve(Bond::Rows, &[3], 0.1).unwrap_err();
        let message = "fold 7 has 1 rows to train on: too few to train on some and to watch others";
        assert_eq!(error.to_string(), message);
        let error = carve(Bond::Time { gap: 4 }, &[1, 2, 3, 4, 5], 0.1).unwrap_err();
        assert_eq!(error.to_string(), message.replace("1 rows", "5 rows"));
        let strata = [0, 1, 2];
        let lone = Bond::Rows.carve(&[0, 1, 2], 0.1, Rows::new(3).with_strata(&strata), key(0), 0);
        assert_eq!(lone.expect("two parts").stop.len(), 1);
        let groups = [5; 10];
        let rows = Rows::new(10).with_groups(&groups);
        let error = Bond::Groups.carve(&[0, 1, 2], 0.1, rows, key(0), 7).unwrap_err();
        assert_eq!(error.to_string(), message.replace("1 rows", "1 groups"));
    }
}
