//! Studies that are extended know which rows their trainings watch.

use std::{ops::Range, slice};

use dropgrid::{Error, error::StudyError, prelude::*, study::Study};

use super::data;

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    output: Linear<8, 3>,
    #[train]
    #[grid(Schedule::constant())]
    schedule: Schedule,
}

/// Trains on the first of a fold's ranges and scores the second.
type Fold = (Range<usize>, Range<usize>);

fn folds(folds: &[Fold]) -> SplitList {
    SplitList::new(folds.iter().map(|(train, test)| (train.clone(), test.clone().collect::<Vec<_>>())))
}

macro_rules! search {
    ($cv:expr, $recipe:expr) => {
        Mlp::search(Grid).cv($cv).scoring(LogLoss).train($recipe).seed(5).workers(1).progress(false)
    };
}

#[test]
fn added_folds_that_change_what_is_watched_are_refused() {
    let recipe = || Train::adam(0.02).epochs(4).batch_size(8).validation_fraction(0.1);
    let stopping = || recipe().early_stopping(EarlyStopping::patience(2));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (known, near, far) = ((0..20, 25..30), (0..40, 40..50), (0..40, 46..50));
    let few = || folds(slice::from_ref(&known));
    search!(few(), stopping()).study(&path).cross_validate(&data()).expect("a report");
    let near = || folds(&[known.clone(), near.clone()]);
    let error = search!(near(), stopping()).study(Study::at(&path).extend()).cross_validate(&data()).unwrap_err();
    assert!(matches!(error, Error::Study(StudyError::Differs { .. })), "{error}");
    let says = "validation rows was the last ones, after a gap of 5, is the last ones, after a gap of 0;";
    assert!(error.to_string().contains(says), "{error}");

    // What leaves the gap as it is goes on, and is what it is in one search.
    let far = || folds(&[known.clone(), far.clone()]);
    let report = search!(far(), stopping()).study(Study::at(&path).extend()).cross_validate(&data()).expect("a report");
    assert_eq!(report.digest(), search!(far(), stopping()).cross_validate(&data()).expect("a report").digest());

    // So does what watches nothing.
    let path = folder.path().join("plain.study");
    search!(few(), recipe()).study(&path).cross_validate(&data()).expect("a report");
    let report = search!(near(), recipe()).study(Study::at(&path).extend()).cross_validate(&data()).expect("a report");
    assert_eq!(report.digest(), search!(near(), recipe()).cross_validate(&data()).expect("a report").digest());
}

#[test]
fn a_study_may_begin_to_watch_groups() {
    let data = data().with_groups((0..60).map(|row| row / 10).collect::<Vec<_>>()).expect("groups");
    let recipe = || Train::adam(0.02).epochs(4).batch_size(8);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    search!(GroupKFold::new(3), recipe()).study(&path).cross_validate(&data).expect("a report");
    let space = || Mlp::space().schedule([Schedule::constant(), Schedule::reduce_on_plateau()]);
    let search = search!(GroupKFold::new(3), recipe()).space(space()).study(Study::at(&path).extend());
    let report = search.cross_validate(&data).expect("a report");
    let whole = search!(GroupKFold::new(3), recipe()).space(space()).cross_validate(&data).expect("a report");
    assert_eq!(report.digest(), whole.digest());
}
