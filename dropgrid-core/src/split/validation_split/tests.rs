use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    seed::{Purpose, Seed},
    split::{GroupKFold, KFold, ShuffleSplit, Splitter as _, StratifiedKFold, TimeSeriesSplit, apart},
};

fn key(fold: u32) -> Key {
    Seed(1).key(Purpose::Validation).fold(fold)
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
    assert_eq!(HoldoutBy::of(rows, &splits), HoldoutBy::Rows);
    let mut seen = Vec::new();
    for (fold, split) in (0..).zip(&splits) {
        let part = split.train.as_slice();
        let Holdout { fit, validation } = HoldoutBy::Rows.divide(part, 0.1, rows, key(fold), fold).expect("two parts");
        assert_eq!(validation.len(), 15);
        let of_one = validation.iter().filter(|&&row| strata[row] == 1).count();
        assert!((4..=5).contains(&of_one), "30 % of 15 rows are 4.5, not {of_one}");
        let mut both = [fit.clone(), validation.clone()].concat();
        both.sort_unstable();
        let mut whole = part.to_vec();
        whole.sort_unstable();
        assert_eq!(both, whole);
        assert!(fit.is_sorted() && validation.is_sorted(), "the order of the part");
        assert_eq!(HoldoutBy::Rows.divide(part, 0.1, rows, key(fold), fold).expect("two parts").validation, validation);
        assert!(split.test.iter().all(|row| !validation.contains(&row)));
        seen.push(validation);
    }
    seen.dedup();
    assert_eq!(seen.len(), 4, "each fold draws by itself");
}

#[test]
fn groups_stay_whole_where_the_folds_keep_them_whole() {
    let groups: Vec<usize> = (0..120).map(|row| row % 12).collect();
    let rows = Rows::new(120).with_groups(&groups);
    let splits = GroupKFold::new(3).split(rows, Seed(0)).expect("folds").splits;
    assert_eq!(HoldoutBy::of(rows, &splits), HoldoutBy::Groups);
    for (fold, split) in (0..).zip(&splits) {
        let part = split.train.as_slice();
        let Holdout { fit, validation } =
            HoldoutBy::Groups.divide(part, 0.2, rows, key(fold), fold).expect("two parts");
        // 16 of 80 rows, in groups of 10: a second one does not fit.
        assert_eq!((fit.len(), validation.len()), (70, 10));
        assert!(validation.iter().all(|&row| fit.iter().all(|&other| groups[other] != groups[row])));
    }
    // Folds that divide groups ask for no whole groups.
    let splits = ShuffleSplit::new(3).split(rows, Seed(0)).expect("folds").splits;
    assert_eq!(HoldoutBy::of(rows, &splits), HoldoutBy::Rows);
}

/// Drawn one by one, a tenth of these windows would keep nearly all others out of the rows to train on.
#[test]
fn windows_lose_their_last_neighbours_alone() {
    let (lags, horizon) = (24, 3);
    let spans: Vec<[usize; 2]> = (0..1000).map(|start| [start, start + lags - 1 + horizon]).collect();
    let rows = Rows::new(1000);
    let folds = KFold::new(5).split(rows, Seed(0)).expect("folds").purged(Some(&spans)).expect("folds");
    let by = HoldoutBy::of(rows, &folds.splits);
    assert_eq!((by, by.for_spans(None), by.for_spans(Some(&spans))), (HoldoutBy::Rows, by, HoldoutBy::Time { gap: 0 }));
    for (fold, split) in (0..).zip(&folds.splits) {
        let part = split.train.as_slice();
        let holdout = by.for_spans(Some(&spans)).divide(part, 0.1, rows, key(fold), fold).expect("two parts");
        let fit = apart(holdout.fit.iter().copied(), &holdout.validation, &spans);
        assert!(fit.len() + holdout.validation.len() + lags + horizon > part.len(), "{} of {}", fit.len(), part.len());
        let steps =
            |rows: &[usize]| rows.iter().flat_map(|&row| spans[row][0]..=spans[row][1]).collect::<BTreeSet<_>>();
        assert!(steps(&fit).is_disjoint(&steps(&holdout.validation)));
    }
    // Whole groups, which share no step, and folds in time stay as they are.
    for by in [HoldoutBy::Groups, HoldoutBy::Time { gap: 4 }] {
        assert_eq!(by.for_spans(Some(&spans)), by);
    }
}

proptest! {
    /// A group that is large beside the others is not set aside for the last row that is wanted.
    #[test]
    fn no_more_is_set_aside_than_wanted_or_the_smallest_group(
        sizes in vec(1_usize..40, 2..12), fraction in 0.001_f64..0.999, seed in 0_u64..1000,
    ) {
        let mut groups: Vec<usize> = (0..).zip(&sizes).flat_map(|(group, &size)| vec![3 * group; size]).collect();
        let part: Vec<usize> = (0..groups.len()).collect();
        Seed(seed).key(Purpose::Validation).shuffle(&mut groups);
        let rows = Rows::new(groups.len()).with_groups(&groups);
        let key = Seed(seed).key(Purpose::Validation).fold(1);
        let Holdout { fit, validation } = HoldoutBy::Groups.divide(&part, fraction, rows, key, 1).expect("two groups");
        prop_assert!(!fit.is_empty() && !validation.is_empty());
        prop_assert_eq!(fit.len() + validation.len(), part.len());
        let of = |rows: &[usize]| rows.iter().map(|&row| groups[row]).collect::<BTreeSet<_>>();
        prop_assert!(of(&fit).is_disjoint(&of(&validation)), "a group is on both sides");
        #[allow(clippy::cast_sign_loss, reason = "a positive fraction of a count")]
        let wanted = ((fraction * part.len() as f64).ceil() as usize).min(part.len() - 1);
        let smallest = *sizes.iter().min().expect("a group");
        if smallest > wanted {
            prop_assert_eq!(validation.len(), smallest);
        } else {
            prop_assert!(validation.len() <= wanted, "{} of {wanted}", validation.len());
            // The rest fits nowhere.
            let left = of(&fit).into_iter().map(|group| sizes[group / 3]).min().expect("a group");
            prop_assert!(validation.len() + left > wanted);
        }
    }
}

#[test]
fn the_last_rows_validate_where_the_folds_keep_the_future_apart() {
    let rows = Rows::new(60);
    let splitter = TimeSeriesSplit::new(3).gap(2);
    let splits = splitter.split(rows, Seed(0)).expect("folds").splits;
    assert_eq!(HoldoutBy::of(rows, &splits), HoldoutBy::Time { gap: 2 });
    for (fold, split) in (0..).zip(&splits) {
        let part = split.train.as_slice();
        let by = HoldoutBy::Time { gap: 2 };
        let Holdout { fit, validation } = by.divide(part, 0.1, rows, key(fold), fold).expect("two parts");
        let n = part.len();
        let held_out = n.div_ceil(10);
        assert_eq!((fit.as_slice(), validation.as_slice()), (&part[..n - held_out - 2], &part[n - held_out..]));
        // The order in which the rows are handed over does not matter.
        let mut reversed = part.to_vec();
        reversed.reverse();
        let again = by.divide(&reversed, 0.1, rows, key(fold), fold).expect("two parts");
        assert!(again.validation.iter().all(|row| validation.contains(row)));
    }
    // The last fold of an unshuffled `KFold` scores the last rows, but the others do not.
    let splits = KFold::new(3).split(rows, Seed(0)).expect("folds").splits;
    assert_eq!(HoldoutBy::of(rows, &splits), HoldoutBy::Rows);
}

#[test]
fn parts_are_never_empty() {
    let rows = Rows::new(40);
    let divide = |by: HoldoutBy, part: &[usize], fraction| by.divide(part, fraction, rows, key(0), 7);
    for fraction in [1e-9, 0.5, 0.999] {
        let Holdout { fit, validation } = divide(HoldoutBy::Rows, &[3, 9], fraction).expect("two parts");
        assert_eq!((fit.len(), validation.len()), (1, 1));
    }
    let error = divide(HoldoutBy::Rows, &[3], 0.1).unwrap_err();
    let message = "fold 7 has 1 rows to train on: too few to train on some and to validate on others";
    assert_eq!(error.to_string(), message);
    let error = divide(HoldoutBy::Time { gap: 4 }, &[1, 2, 3, 4, 5], 0.1).unwrap_err();
    assert_eq!(error.to_string(), message.replace("1 rows", "5 rows"));
    let strata = [0, 1, 2];
    let lone = HoldoutBy::Rows.divide(&[0, 1, 2], 0.1, Rows::new(3).with_strata(&strata), key(0), 0);
    assert_eq!(lone.expect("two parts").validation.len(), 1);
    let groups = [5; 10];
    let rows = Rows::new(10).with_groups(&groups);
    let error = HoldoutBy::Groups.divide(&[0, 1, 2], 0.1, rows, key(0), 7).unwrap_err();
    assert_eq!(error.to_string(), message.replace("1 rows", "1 groups"));
}
