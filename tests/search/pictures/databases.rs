//! Searches as databases of Optuna, which `.ci/readers` opens by other programs.

use super::*;

#[test]
fn a_database_of_optuna_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.db");
    let report = search().fit(&data()).expect("a report");
    fs::write(&path, "before").expect("written");
    report.to_optuna(&path).expect("written");
    let bytes = fs::read(&path).expect("the database");
    assert!(bytes.starts_with(b"SQLite format 3\0"));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
    let missing = folder.path().join("none/x.db");
    assert!(matches!(report.to_optuna(&missing), Err(dropgrid::Error::File(_))));
    if let Some(folder) = std::env::var_os("DROPGRID_READERS") {
        write_optuna(&report.view(), &Path::new(&folder).join("x.db")).expect("written");
        let json = serde_json::to_string(&report.view()).expect("JSON");
        fs::write(Path::new(&folder).join("x.json"), json).expect("written");
        write_mlflow(&report.view(), &Path::new(&folder).join("mlruns")).expect("written");
    }
}

/// A network that some recipes cannot train, with a hyperparameter that not all candidates have.
#[searchable]
struct Conditional {
    hidden: (Linear<2, 8>, ReLU),
    output: Linear<8, 2>,
    #[train]
    #[grid(1e-2, 1e-9, 1e30)]
    lr: f64,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[when(optimizer.is_sgd())]
    #[grid(0.0, 0.9)]
    momentum: f64,
}

#[test]
fn a_database_of_a_minimised_metric_has_failed_and_pruned_trials() {
    let folder = tempfile::tempdir().expect("a folder");
    let recipe = Train::adam(1e-2).epochs(8).batch_size(10).validation_fraction(0.2);
    let pruning = Pruning::new(Grid, MedianPruner::new().n_startup_trials(1).n_warmup_steps(2));
    let search = Conditional::search(pruning).cv(KFold::new(3)).scoring(LogLoss).train(recipe).progress(false);
    let view = search.workers(1).fit(&data()).expect("a report").view();
    let count = |state| view.candidates.iter().filter(|it| it.state == state).count();
    assert!(count(State::Complete) > 0 && count(State::Failed) > 0 && count(State::Pruned) > 0, "{:?}", told(&view));
    write_optuna(&view, &folder.path().join("y.db")).expect("written");
    if let Some(folder) = std::env::var_os("DROPGRID_READERS") {
        write_optuna(&view, &Path::new(&folder).join("y.db")).expect("written");
        fs::write(Path::new(&folder).join("y.json"), serde_json::to_string(&view).expect("JSON")).expect("written");
        write_mlflow(&view, &Path::new(&folder).join("mlruns")).expect("written");
    }
}
