//! Candidates of a study's file that had different parts of their trainings.

use dropgrid_core::report::Results;

use super::*;

/// A study at this path of one candidate a fit: its learning rate, its resource and its score.
fn parts(path: &Path, fits: &[(f64, &str, f64)]) -> StudyFile {
    let mut store = Sqlite::open(path).expect("a new study");
    let folds = vec![FoldInfo::new(10, 5)];
    let mut metadata = metadata(None);
    (metadata.folds, metadata.rows) = (folds, Some(10));
    store.set_metadata(&metadata).expect("written");
    let records = fits.iter().map(|&(lr, resource, score)| {
        let mut stored = at(resource, stored(&format!("{{\"lr\":{lr}}}"), 0, Ok(vec![score])));
        stored.record.train_scores = None;
        stored
    });
    store.add(&records.collect::<Vec<_>>(), &[], &[]).expect("written");
    drop(store);
    StudyFile::open(path).expect("a study")
}

/// Each candidate with its budget, its epochs or rows and its rank, and what the overview says of them.
fn ranked(path: &Path, study: &StudyFile) -> Vec<(String, String, usize, usize)> {
    let results = Results::of_study(study);
    let overview = Overview::open(path).expect("a study");
    let done = results.candidates().iter().filter(|candidate| candidate.is_finalist()).count();
    assert_eq!((overview.candidates, overview.done), (results.candidates().len(), done));
    let best = results.best().map(|best| results.candidates()[best].mean(0));
    assert_eq!((overview.best_score, overview.fits), (best, study.fits()));
    let candidates = results.candidates().iter();
    candidates.map(|it| (it.params().to_string(), it.budget().to_string(), it.resources(), it.rank(0))).collect()
}

#[test]
fn candidates_of_smaller_budgets_rank_behind_those_with_the_whole_training() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let told = |rows: &[(&str, &str, usize, usize)]| {
        let row = |&(params, budget, resources, rank): &(&str, &str, _, _)| {
            (params.to_owned(), budget.to_owned(), resources, rank)
        };
        rows.iter().map(row).collect::<Vec<_>>()
    };
    // A cost: the smaller the better. The budgets of one candidate are all of one row.
    let fits = [(0.1, "5/20", 0.1), (0.2, "5/20", 0.3), (0.2, "20", 0.5), (0.3, "1/20", 0.0), (0.4, "20", 0.4)];
    let study = parts(&path("a.study"), &fits);
    let rows = [
        ("lr: 0.1", "5 epochs", 5, 3),
        ("lr: 0.2", "all", 20, 2),
        ("lr: 0.3", "1 epoch", 1, 4),
        ("lr: 0.4", "all", 20, 1),
    ];
    assert_eq!(ranked(&path("a.study"), &study), told(&rows));
    assert_eq!(study.candidates()[0].fits[0].resource.words(), "5 of 20 epochs");

    // An axis over the epochs: a candidate for each of its values, to which smaller budgets lead. The same epochs are the
    // whole training of one and a part of that of another.
    let fits = [
        (0.1, "9", 0.1),
        (0.1, "27", 0.3),
        (0.1, "9/27", 0.1),
        (0.2, "20@0.5", 0.2),
        (0.2, "9/27", 0.1),
        (0.3, "3/9", 0.6),
    ];
    let study = parts(&path("b.study"), &fits);
    let rows = [
        ("lr: 0.1, epochs: 9", "all", 10, 1),
        ("lr: 0.1, epochs: 27", "all", 10, 2),
        ("lr: 0.2, epochs: 20", "0.5 of the rows", 5, 3),
        ("lr: 0.2, epochs: 27", "9 epochs", 9, 4),
        ("lr: 0.3, epochs: 9", "3 epochs", 3, 5),
    ];
    let found = ranked(&path("b.study"), &study);
    let without_rank = |rows: &[(String, String, usize, usize)]| {
        rows.iter()
            .map(|(params, budget, resources, _)| (params.clone(), budget.clone(), *resources))
            .collect::<Vec<_>>()
    };
    assert_eq!(without_rank(&found), without_rank(&told(&rows)));
    assert_eq!(found.iter().map(|row| row.3 <= 2).collect::<Vec<_>>(), [true, true, false, false, false]);
    let budgets = study.candidates()[1].records().map(|record| record.budget.to_string());
    assert_eq!(budgets.collect::<Vec<_>>(), ["9 epochs", "all"]);

    // A search of more epochs has candidates of its own beside those of the earlier one.
    let fits = [(0.1, "20", 0.1), (0.1, "40", 0.3), (0.2, "20", 0.2), (0.3, "20/40", 0.4)];
    let study = parts(&path("c.study"), &fits);
    let rows = [
        ("lr: 0.1, epochs: 20", "all", 20, 1),
        ("lr: 0.1, epochs: 40", "all", 40, 3),
        ("lr: 0.2, epochs: 20", "all", 20, 2),
        ("lr: 0.3, epochs: 40", "20 epochs", 20, 4),
    ];
    assert_eq!(ranked(&path("c.study"), &study), told(&rows));
}
