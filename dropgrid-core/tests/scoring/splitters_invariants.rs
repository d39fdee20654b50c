//! What holds of every splitter on any input.

use std::collections::BTreeSet;

use dropgrid_core::{
    data::{Classes, Dataset},
    seed::Seed,
    split::{
        Folds, GroupKFold, GroupShuffleSplit, KFold, LeaveOneGroupOut, LeaveOneOut, LeavePGroupsOut, LeavePOut,
        PredefinedSplit, RepeatedKFold, RepeatedStratifiedKFold, Rows, ShuffleSplit, SklearnShuffle, Split, SplitList,
        Splitter, StratifiedGroupKFold, StratifiedKFold, StratifiedShuffleSplit, TimeSeriesSplit, TrainTestSplit,
        WalkForward,
    },
};
use proptest::prelude::*;

/// What a splitter promises of its folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cover {
    /// Every row is scored once.
    Once,
    /// Every row is scored as often as the number says.
    Times(usize),
    /// Nothing.
    Some,
}

/// Every splitter with settings from one number, whether it keeps groups together, and how it covers the rows.
fn splitters(k: usize) -> Vec<(Box<dyn Splitter>, bool, Cover)> {
    let sklearn = SklearnShuffle::seed(k as u32);
    vec![
        (Box::new(KFold::new(k)), false, Cover::Once),
        (Box::new(KFold::new(k).shuffle()), false, Cover::Once),
        (Box::new(KFold::new(k).shuffle_with(sklearn)), false, Cover::Once),
        (Box::new(StratifiedKFold::new(k)), false, Cover::Once),
        (Box::new(StratifiedKFold::new(k).shuffle()), false, Cover::Once),
        (Box::new(GroupKFold::new(k)), true, Cover::Once),
        (Box::new(GroupKFold::new(k).shuffle()), true, Cover::Once),
        (Box::new(StratifiedGroupKFold::new(k)), true, Cover::Once),
        (Box::new(StratifiedGroupKFold::new(k).shuffle()), true, Cover::Once),
        (Box::new(RepeatedKFold::new(k).n_repeats(3)), false, Cover::Times(3)),
        (Box::new(RepeatedStratifiedKFold::new(k).n_repeats(2)), false, Cover::Times(2)),
        (Box::new(ShuffleSplit::new(k).test_size(0.3)), false, Cover::Some),
        (Box::new(ShuffleSplit::new(k).test_size(2).train_size(k)), false, Cover::Some),
        (Box::new(StratifiedShuffleSplit::new(k).test_size(0.4)), false, Cover::Some),
        (Box::new(GroupShuffleSplit::new(k)), true, Cover::Some),
        (Box::new(GroupShuffleSplit::new(k).train_size(k)), true, Cover::Some),
        (Box::new(LeaveOneOut), false, Cover::Once),
        (Box::new(LeavePOut::new(2)), false, Cover::Some),
        (Box::new(LeaveOneGroupOut), true, Cover::Once),
        (Box::new(LeavePGroupsOut::new(2)), true, Cover::Some),
        (Box::new(TimeSeriesSplit::new(k).gap(1)), false, Cover::Some),
        (Box::new(WalkForward::expanding(k).gap(1)), false, Cover::Some),
        (Box::new(WalkForward::rolling(k).horizon(2).step(1)), false, Cover::Some),
    ]
}

fn check(splitter: &dyn Splitter, rows: Rows<'_>, folds: &Folds, keeps_groups: bool, cover: Cover) {
    let mut scored = vec![0; rows.len];
    for Split { train, test } in &folds.splits {
        assert!(!train.is_empty() && !test.is_empty(), "{splitter:?}");
        let distinct: BTreeSet<usize> = train.iter().chain(test).collect();
        assert_eq!(distinct.len(), train.len() + test.len(), "{splitter:?}: a row stands twice in a fold");
        assert!(distinct.last() < Some(&rows.len), "{splitter:?}: a row that is not there");
        if cover != Cover::Some {
            assert_eq!(distinct.len(), rows.len, "{splitter:?}: a row in no part");
        }
        if let (true, Some(groups)) = (keeps_groups, rows.groups) {
            let trained: BTreeSet<usize> = train.iter().map(|row| groups[row]).collect();
            assert!(!test.iter().any(|row| trained.contains(&groups[row])), "{splitter:?}: a group on both sides");
        }
        for row in test {
            scored[row] += 1;
        }
    }
    match cover {
        Cover::Once => assert_eq!(scored, vec![1; rows.len], "{splitter:?}"),
        Cover::Times(times) => assert_eq!(scored, vec![times; rows.len], "{splitter:?}"),
        Cover::Some => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_are_disjoint_cover_the_rows_and_keep_groups_whole(
        (strata, groups) in (6..40_usize).prop_flat_map(|len| {
            (proptest::collection::vec(0..3_usize, len), proptest::collection::vec(0..9_usize, len))
        }),
        k in 2..6_usize,
        seed: u64,
    ) {
        let rows = Rows::new(strata.len()).with_strata(&strata).with_groups(&groups);
        let mut split = 0;
        for (splitter, keeps_groups, cover) in splitters(k) {
            let once = splitter.split(rows, Seed(seed));
            let again = splitter.split(rows, Seed(seed));
            if let (Ok(folds), Ok(again)) = (once, again) {
                check(&*splitter, rows, &folds, keeps_groups, cover);
                prop_assert_eq!(folds, again);
                split += 1;
            }
        }
        prop_assert!(split >= 10, "only {} splitters took this input", split);
    }

    // Folds of a class differ by at most one row, so that no fold is short of it.
    #[test]
    fn stratified_folds_share_each_class_evenly(strata in proptest::collection::vec(0..4_usize, 30..80), seed: u64) {
        let rows = Rows::new(strata.len()).with_strata(&strata);
        let folds = StratifiedKFold::new(4).shuffle().split(rows, Seed(seed)).unwrap();
        for class in 0..4 {
            let counts: Vec<usize> = folds.splits.iter()
                .map(|split| split.test.iter().filter(|&row| strata[row] == class).count())
                .collect();
            let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
            prop_assert!(most - least <= 1, "class {}: {:?}", class, counts);
        }
    }

    // The names of classes and groups do not matter where their order is the same.
    #[test]
    fn renaming_changes_nothing(
        groups in proptest::collection::vec(0..7_usize, 20..60),
        k in 2..5_usize,
        scale in 1..1_000_000_000_usize,
    ) {
        let renamed: Vec<usize> = groups.iter().map(|group| group * scale + 5).collect();
        let len = groups.len();
        for (splitter, ..) in splitters(k) {
            let plain = splitter.split(Rows::new(len).with_strata(&groups).with_groups(&groups), Seed(3));
            let other = splitter.split(Rows::new(len).with_strata(&renamed).with_groups(&renamed), Seed(3));
            prop_assert_eq!(plain.ok().map(|folds| folds.splits), other.ok().map(|folds| folds.splits));
        }
    }

    // Any settings, however senseless, give folds or an error.
    #[test]
    fn nothing_panics(
        len in prop_oneof![0..6_usize, Just(usize::MAX), Just(1 << 40)],
        labels in proptest::collection::vec(any::<usize>(), 0..6),
        number in prop_oneof![0..7_usize, Just(usize::MAX), Just(1 << 33)],
        fraction in prop_oneof![Just(f64::NAN), Just(f64::INFINITY), -0.5..1.5_f64],
    ) {
        let mut all: Vec<Box<dyn Splitter>> = splitters(number).into_iter().map(|(splitter, ..)| splitter).collect();
        all.push(Box::new(LeavePOut::new(number)));
        all.push(Box::new(LeavePGroupsOut::new(number)));
        all.push(Box::new(RepeatedKFold::new(2).n_repeats(number)));
        all.push(Box::new(ShuffleSplit::new(2).test_size(fraction)));
        all.push(Box::new(StratifiedShuffleSplit::new(2).train_size(fraction).test_size(number)));
        all.push(Box::new(TimeSeriesSplit::new(2).test_size(number).gap(len).max_train_size(1)));
        all.push(Box::new(WalkForward::rolling(number).horizon(number).step(number).gap(len)));
        all.push(Box::new(PredefinedSplit::new(labels.iter().map(|&label| label.cast_signed() as i64).collect::<Vec<_>>())));
        all.push(Box::new(SplitList::new([(labels.clone(), vec![0])])));
        for rows in [
            Rows::new(len),
            Rows::new(len).with_strata(&labels).with_groups(&labels),
            Rows::new(labels.len()).with_strata(&labels).with_groups(&labels),
        ] {
            for splitter in &all {
                if let Ok(folds) = splitter.split(rows, Seed(1)) {
                    let listed = format!("{splitter:?}").starts_with("SplitList");
                    prop_assert!(rows.len < 10 || listed);
                    prop_assert!(folds.splits.iter().all(|split| !split.train.is_empty() && !split.test.is_empty()));
                }
            }
            let _ = TrainTestSplit::new().test_size(fraction).train_size(number).indices(rows);
            let _ = TrainTestSplit::new().test_size(fraction).stratify().indices(rows);
        }
    }
}

// The shuffle is part of every result: with another seed or another source other rows are scored.
#[test]
fn seeds_and_sources_differ() {
    let labels: Vec<usize> = (0..60).map(|row| row % 3).collect();
    let groups: Vec<usize> = (0..60).map(|row| row % 20).collect();
    let rows = Rows::new(60).with_strata(&labels).with_groups(&groups);
    let sklearn = SklearnShuffle::seed(1);
    let pairs: [(Box<dyn Splitter>, Box<dyn Splitter>); 8] = [
        (Box::new(KFold::new(3).shuffle()), Box::new(KFold::new(3).shuffle_with(sklearn))),
        (Box::new(StratifiedKFold::new(3).shuffle()), Box::new(StratifiedKFold::new(3).shuffle_with(sklearn))),
        (Box::new(GroupKFold::new(3).shuffle()), Box::new(GroupKFold::new(3).shuffle_with(sklearn))),
        (
            Box::new(StratifiedGroupKFold::new(3).shuffle()),
            Box::new(StratifiedGroupKFold::new(3).shuffle_with(sklearn)),
        ),
        (Box::new(RepeatedKFold::new(3)), Box::new(RepeatedKFold::new(3).shuffle_with(sklearn))),
        (Box::new(ShuffleSplit::new(3)), Box::new(ShuffleSplit::new(3).shuffle_with(sklearn))),
        (Box::new(StratifiedShuffleSplit::new(3)), Box::new(StratifiedShuffleSplit::new(3).shuffle_with(sklearn))),
        (Box::new(GroupShuffleSplit::new(3)), Box::new(GroupShuffleSplit::new(3).shuffle_with(sklearn))),
    ];
    for (ours, theirs) in pairs {
        let of = |splitter: &dyn Splitter, seed| splitter.split(rows, Seed(seed)).unwrap().splits;
        assert_ne!(of(&*ours, 1), of(&*ours, 2), "{ours:?}");
        assert_ne!(of(&*ours, 1), of(&*theirs, 1), "{ours:?}");
        assert_eq!(of(&*theirs, 1), of(&*theirs, 2), "{theirs:?}");
    }
}

#[test]
fn the_holdout_is_not_a_fold_of_the_same_seed() {
    let holdout = TrainTestSplit::new().test_size(0.2).seed(7).indices(Rows::new(100)).unwrap();
    let drawn = ShuffleSplit::new(1).test_size(0.2).split(Rows::new(100), Seed(7)).unwrap();
    assert_ne!(holdout, drawn.splits[0]);
}

#[test]
fn a_split_data_set_keeps_rows_labels_and_groups_together() {
    let features: Vec<[f32; 1]> = (0..40_u8).map(|row| [f32::from(row)]).collect();
    let labels: Vec<usize> = (0..40).map(|row| row % 2).collect();
    let data = Dataset::new(features, Classes::<2>::new(labels).unwrap()).unwrap().with_groups(0..40).unwrap();
    let (train, test) = TrainTestSplit::new().stratify().seed(5).split(&data).unwrap();
    assert_eq!((train.len(), test.len()), (30, 10));
    let mut seen = BTreeSet::new();
    for part in [&train, &test] {
        for row in 0..part.len() {
            let id = part.groups().unwrap()[row];
            assert_eq!(part.targets().labels()[row], id % 2);
            assert_eq!(part.features().row(row), [id as f32]);
            seen.insert(id);
        }
        assert_eq!(part.targets().labels().iter().sum::<usize>() * 2, part.len());
    }
    assert_eq!(seen.len(), 40);
    assert_eq!(data.select(&[40]).unwrap_err().to_string(), "no row 40: the data has 40 rows, 0..40");
    assert_eq!(data.select(&[]).unwrap_err().to_string(), "the data has no rows");
}
