//! Epochs that the recipe says, and those of an axis.

use std::ops::RangeInclusive;

use dropgrid::{Error, error::StudyError, prelude::*, study::StudyFile};

use super::{Seen, data, extended, on_folds, taken, watch};

/// A model whose epochs are the recipe's, and the same with an axis of them.
mod plain {
    use dropgrid::prelude::*;

    #[searchable]
    pub struct Mlp {
        hidden: (Linear<4, 8>, ReLU),
        #[grid(0.1, 0.3)]
        dropout: Dropout,
        output: Linear<8, 3>,
    }
}

mod with_axis {
    use dropgrid::prelude::*;

    #[searchable]
    pub struct Mlp {
        hidden: (Linear<4, 8>, ReLU),
        #[grid(0.1, 0.3)]
        dropout: Dropout,
        output: Linear<8, 3>,
        #[train]
        #[grid(8, 14)]
        epochs: usize,
    }
}

/// The epochs of a recipe are no part of what a study is of: a study is continued by a search of more of them.
#[test]
fn a_recipe_of_more_epochs_goes_on_and_those_of_fewer_keep_their_records() {
    let recipe = |epochs| Train::adam(0.02).batch_size(8).epochs(epochs);
    let whole = |epochs| search!(plain::Mlp, recipe(epochs)).cross_validate(&data()).expect("a report").digest();
    for (keeps, from) in [(true, 9), (false, 1)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, seen) = (folder.path().join("x.study"), Seen::default());
        let run = |epochs| {
            let search = search!(plain::Mlp, recipe(epochs)).study(&path).keep_final_checkpoints(keeps);
            let report = search.hook(watch(&seen)).cross_validate(&data()).expect("a report");
            assert_eq!(report.digest(), whole(epochs), "{epochs} epochs");
            let mut trained = taken(&seen);
            trained.sort_unstable();
            trained
        };
        let of_two = |epochs: RangeInclusive<usize>| {
            let mut of_two = [on_folds(epochs.clone()), on_folds(epochs)].concat();
            of_two.sort_unstable();
            of_two
        };
        assert_eq!(run(8), of_two(1..=8));
        assert_eq!(run(14), of_two(from..=14));
        for known in [8, 14] {
            assert_eq!(run(known), [], "both records of a fit are kept");
        }
        let study = StudyFile::open(&path).expect("a study");
        assert_eq!(study.fits(), 8);
        assert_eq!(study.info().states.count, if keeps { 8 } else { 0 });

        // Something else that differs is refused, and the epochs are not named with it.
        let error = search!(plain::Mlp, recipe(20)).seed(6).study(extended(&path)).cross_validate(&data()).unwrap_err();
        assert!(matches!(error, Error::Study(StudyError::Differs { .. })), "{error}");
        let text = error.to_string();
        assert!(text.contains("another search: seed was 5, is 6;") && !text.contains("epochs"), "{text}");
    }
}

#[test]
fn an_axis_has_the_records_of_the_recipes_own_epochs() {
    let recipe = |epochs| Train::adam(0.02).batch_size(8).epochs(epochs);
    let whole = search!(with_axis::Mlp, recipe(8)).cross_validate(&data()).expect("a report").digest();
    for (keeps, from) in [(true, 9), (false, 1)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, seen) = (folder.path().join("x.study"), Seen::default());
        let search = search!(plain::Mlp, recipe(8)).study(&path).keep_final_checkpoints(keeps);
        let first = search.cross_validate(&data()).expect("a report");
        // The axis decides on the epochs, whatever the recipe says.
        let search = search!(with_axis::Mlp, recipe(20)).study(&path).hook(watch(&seen));
        let report = search.cross_validate(&data()).expect("a report");
        assert_eq!(report.digest(), whole);
        let mut trained = taken(&seen);
        trained.sort_unstable();
        let mut wanted = [on_folds(from..=14), on_folds(from..=14)].concat();
        wanted.sort_unstable();
        assert_eq!(trained, wanted, "of two candidates");
        for candidate in first.results().candidates() {
            let is_it = |other: &&dropgrid::report::Candidate<with_axis::MlpParams>| {
                (other.params().dropout, other.params().epochs) == (candidate.params().dropout, 8)
            };
            let same = report.results().candidates().iter().find(is_it).expect("a candidate of 8 epochs");
            let times = |records: &[dropgrid::record::Record]| records.iter().map(|it| it.fit_time).collect::<Vec<_>>();
            assert_eq!(times(same.records()), times(candidate.records()), "the records are those of before");
        }
        // And back again: the records of the axis are those of a recipe.
        let search = search!(plain::Mlp, recipe(14)).study(&path).hook(watch(&seen));
        let report = search.cross_validate(&data()).expect("a report");
        assert_eq!(
            report.digest(),
            search!(plain::Mlp, recipe(14)).cross_validate(&data()).expect("a report").digest()
        );
        assert_eq!(taken(&seen), []);
    }
}
