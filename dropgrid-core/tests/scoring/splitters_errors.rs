//! How each kind of bad input to a splitter is refused, and what is only warned of.

use dropgrid_core::{
    seed::Seed,
    split::{
        GroupKFold, GroupShuffleSplit, KFold, LeaveOneOut, LeavePGroupsOut, LeavePOut, PredefinedSplit, RepeatedKFold,
        Rows, ShuffleSplit, SplitList, Splitter, StratifiedGroupKFold, StratifiedKFold, StratifiedShuffleSplit,
        TimeSeriesSplit, TrainTestSplit, WalkForward, Warning,
    },
};

#[test]
fn errors_carry_their_numbers() {
    let labels = [0, 0, 0, 1, 1, 2];
    let groups = [4, 4, 4, 9, 9, 9];
    let rows = Rows::new(6).with_strata(&labels).with_groups(&groups);
    let bare = Rows::new(6);
    let message = |splitter: &dyn Splitter, rows| splitter.split(rows, Seed(0)).unwrap_err().to_string();
    let table: [(Box<dyn Splitter>, Rows<'_>, &str); 26] = [
        (Box::new(KFold::new(1)), rows, "cross-validation needs at least 2 folds, got 1"),
        (Box::new(KFold::new(7)), rows, "cannot make 7 folds of 6 rows"),
        (Box::new(StratifiedKFold::new(4)), rows, "cannot make 4 stratified folds: the largest class has 3 rows"),
        (
            Box::new(StratifiedKFold::new(2)),
            bare,
            "StratifiedKFold needs class labels, which this target has not; use KFold",
        ),
        (Box::new(GroupKFold::new(3)), rows, "cannot make 3 folds of 2 groups"),
        (Box::new(GroupKFold::new(2)), bare, "GroupKFold needs groups; give the data some with `Dataset::with_groups`"),
        (Box::new(StratifiedGroupKFold::new(3)), rows, "cannot make 3 folds of 2 groups"),
        (
            Box::new(StratifiedGroupKFold::new(2)),
            bare.with_strata(&labels),
            "StratifiedGroupKFold needs groups; give the data some with `Dataset::with_groups`",
        ),
        (Box::new(RepeatedKFold::new(2).n_repeats(0)), rows, "n_repeats is 0, expected at least 1"),
        (
            Box::new(ShuffleSplit::new(1).test_size(6)),
            rows,
            "test_size is 6, a number of rows, of which there are 6: nothing is left to train on; expected fewer",
        ),
        (
            Box::new(ShuffleSplit::new(1).test_size(0.75).train_size(0.5)),
            rows,
            "test_size 0.75 and train_size 0.5 add up to 1.25, more than 1",
        ),
        (
            Box::new(ShuffleSplit::new(1).test_size(4).train_size(3)),
            rows,
            "3 rows to train on and 4 to test on, but there are only 6",
        ),
        (
            Box::new(ShuffleSplit::new(1).train_size(0.1)),
            rows,
            "no rows for the training part: of 6 rows, test_size not given, train_size 0.1",
        ),
        (
            Box::new(GroupShuffleSplit::new(1).test_size(0.9)),
            rows,
            "no groups for the training part: of 2 groups, test_size 0.9, train_size not given",
        ),
        (
            Box::new(StratifiedShuffleSplit::new(1).test_size(3)),
            rows,
            "a stratified split needs 2 rows of every class, but these classes have only one: [2]",
        ),
        (
            Box::new(StratifiedShuffleSplit::new(1).test_size(1)),
            bare.with_strata(&[0, 0, 0, 1, 1, 1]),
            "the test part has 1 rows, fewer than the 2 classes",
        ),
        (Box::new(LeaveOneOut), Rows::new(1), "LeaveOneOut needs at least 2 rows, but the data has 1"),
        (Box::new(LeavePOut::new(6)), rows, "LeavePOut needs at least 7 rows, but the data has 6"),
        (Box::new(LeavePGroupsOut::new(2)), rows, "LeavePGroupsOut needs at least 3 groups, but the data has 2"),
        (
            Box::new(TimeSeriesSplit::new(2).test_size(2).gap(2)),
            rows,
            "2 splits of 2 test rows and a gap of 2 leave none of 6 rows to train on",
        ),
        (
            Box::new(WalkForward::expanding(3).horizon(3).gap(1)),
            rows,
            "WalkForward needs at least 7 rows, but the data has 6",
        ),
        (Box::new(WalkForward::rolling(0)), rows, "window is 0, expected at least 1"),
        (Box::new(WalkForward::rolling(2).horizon(0)), rows, "horizon is 0, expected at least 1"),
        (Box::new(WalkForward::rolling(2).step(0)), rows, "step is 0, expected at least 1"),
        (Box::new(PredefinedSplit::new([0, 1])), rows, "2 folds for 6 rows"),
        (Box::new(SplitList::new([(vec![0], vec![])])), rows, "the test part of fold 0 is empty"),
    ];
    for (splitter, rows, expected) in table {
        assert_eq!(message(&*splitter, rows), expected);
    }
    assert_eq!(message(&KFold::new(50_000), Rows::new(100_000)), TOO_MANY);
    assert_eq!(message(&GroupKFold::new(2), Rows::new(3).with_groups(&[0, 1])), "2 groups for 3 rows");
    let error = TrainTestSplit::new().stratify().no_shuffle().indices(rows).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a stratified train-test split is always shuffled; leave out `stratify` or `no_shuffle`"
    );
}
const TOO_MANY: &str = "50000 splits of 100000 rows are more indices than fit in memory";

/// 1.0 is all rows and 1 is one row, and each message says which it is about.
#[test]
fn sizes_are_told_as_shares_or_as_counts() {
    let refusal = |split: TrainTestSplit| split.indices(Rows::new(6)).unwrap_err().to_string();
    assert_eq!(
        refusal(TrainTestSplit::new().test_size(1.0)),
        "test_size is 1.0, a share of all rows: nothing is left to train on; write a share below 1.0, or `1` for one row"
    );
    assert_eq!(
        refusal(TrainTestSplit::new().train_size(1.0)),
        "train_size is 1.0, a share of all rows: nothing is left to test on; write a share below 1.0, or `1` for one row"
    );
    for (size, shown) in [(0.0, "0.0"), (-0.5, "-0.5"), (20.0, "20.0"), (f64::NAN, "NaN")] {
        assert_eq!(
            refusal(TrainTestSplit::new().test_size(size)),
            format!(
                "test_size is {shown}, a share of all rows: expected a number between 0.0 and 1.0, or a whole number of rows"
            )
        );
    }
    assert_eq!(
        refusal(TrainTestSplit::new().train_size(0)),
        "train_size is 0, a number of rows: expected at least 1, or a share between 0.0 and 1.0"
    );
    assert_eq!(
        refusal(TrainTestSplit::new().train_size(7)),
        "train_size is 7, a number of rows, of which there are 6: nothing is left to test on; expected fewer"
    );
    assert_eq!(TrainTestSplit::new().test_size(1).indices(Rows::new(6)).unwrap().test.len(), 1);
}

#[test]
fn warnings_say_what_is_odd() {
    let labels = [0, 0, 0, 1];
    let rows = Rows::new(4).with_strata(&labels).with_groups(&[1, 1, 2, 2]);
    let folds = StratifiedKFold::new(2).split(rows, Seed(0)).unwrap();
    assert_eq!(
        folds.warnings,
        [Warning::GroupsIgnored { splitter: "StratifiedKFold" }, Warning::SmallClass { class: 1, rows: 1, folds: 2 }]
    );
    let list = SplitList::new([(vec![0, 1, 2], vec![3]), (vec![3, 2, 1], vec![1, 2, 0])]);
    assert_eq!(list.split(rows, Seed(0)).unwrap().warnings, [Warning::Overlap { fold: 1, rows: 2 }]);
    let twice = SplitList::new([(vec![0, 0, 1], vec![2, 3, 2, 2])]).split(rows, Seed(0)).unwrap().warnings;
    assert_eq!(twice, [Warning::Repeated { fold: 0, rows: 2 }]);
    assert_eq!(twice[0].to_string(), "fold 0 has 2 repeated rows to score: a row counts as often as it stands there");
}
