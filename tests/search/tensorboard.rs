//! What the hook for TensorBoard leaves on the disk.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use dropgrid::{
    hook::{FitEnd, FitInfo},
    prelude::*,
};

use crate::hooks::{Mlp, MlpParams, data};

/// Folders with event files in them, each with one, by their names under `root`.
fn runs(root: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, runs: &mut Vec<String>) {
        let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        // Those of the whole folder, for the HParams dashboard.
        let paths: Vec<_> = paths.filter(|path| path.extension().is_none_or(|it| it != "hparams")).collect();
        if paths.iter().any(|path| path.is_file()) {
            assert!(paths.len() == 1, "another training wrote here: {paths:?}");
            let name = paths[0].file_name().expect("a name").to_string_lossy();
            assert!(name.starts_with("events.out.tfevents."), "{name}");
            runs.push(folder.strip_prefix(root).expect("beneath").to_string_lossy().into_owned());
        }
        paths.iter().filter(|path| path.is_dir()).for_each(|path| walk(root, path, runs));
    }
    let mut runs = Vec::new();
    walk(root, root, &mut runs);
    runs.sort();
    runs
}

fn search(board: &TensorBoard) -> dropgrid::search::Search<Mlp, Grid> {
    let recipe = Train::adam(1e-2).batch_size(20);
    Mlp::search(Grid).cv(KFold::new(2)).train(recipe).hook(board.clone()).progress(false).workers(2)
}

/// The folders of the candidates that share trainings.
const ALONE: [&str; 4] =
    ["0-dropout=0.0,epochs=2", "1-dropout=0.0,epochs=6", "2-dropout=0.3,epochs=2", "3-dropout=0.3,epochs=6"];

/// The folders of a search with these shared trainings on two folds.
fn every(shared: &[&str]) -> Vec<String> {
    let alone = ALONE.iter().flat_map(|run| [0, 1].map(|fold| format!("{run}/fold-{fold}")));
    let mut all: Vec<String> = shared.iter().map(|&run| run.to_owned()).chain(alone).collect();
    all.push("refit".to_owned());
    all.sort();
    all
}

#[test]
fn every_training_has_a_folder_that_says_what_it_is_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let board = TensorBoard::at(folder.path()).batches(true);
    let recipe = Train::adam(1e-2).batch_size(20).early_stopping(EarlyStopping::patience(9));
    search(&board).train(recipe).fit(&data()).expect("a report");
    board.check().expect("everything written");
    let shared =
        ["0,1-dropout=0.0/fold-0", "0,1-dropout=0.0/fold-1", "2,3-dropout=0.3/fold-0", "2,3-dropout=0.3/fold-1"];
    assert_eq!(runs(folder.path()), every(&shared));
    let run = folder.path().join(shared[1]);
    let file = fs::read_dir(run).expect("a folder").next().expect("a file").expect("an entry").path();
    let bytes = fs::read(file).expect("a file");
    // A version, 6 epochs and 6 x 3 batches of at least a frame each, and every tag by its name.
    assert!(bytes.len() > 25 * 16);
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for tag in ["train/loss", "validation/loss", "batch/loss"] {
        assert!(has(&bytes, tag), "{tag}");
    }
    assert!(!has(&bytes, "_hparams_"), "the sessions are those of its candidates");
    let own = folder.path().join(ALONE[0]).join("fold-1");
    let file = fs::read_dir(own).expect("a folder").next().expect("a file").expect("an entry").path();
    let bytes = fs::read(file).expect("a file");
    for tag in ["train/loss", "validation/loss", "score/accuracy", "_hparams_/session_start_info", ALONE[0]] {
        assert!(has(&bytes, tag), "{tag}");
    }

    if let Some(readers) = std::env::var_os("DROPGRID_READERS") {
        search(&TensorBoard::at(Path::new(&readers).join("board"))).cross_validate(&data()).expect("a report");
    }

    // The same again in the same place.
    search(&board).fit(&data()).expect("a report");
    let twice: Vec<String> = every(&shared).into_iter().flat_map(|run| [run.clone(), format!("{run}.2")]).collect();
    assert_eq!(runs(folder.path()), twice);
}

#[test]
fn a_nested_search_has_folders_for_each_outer_fold() {
    let folder = tempfile::tempdir().expect("a folder");
    let board = TensorBoard::at(folder.path());
    let space = Mlp::space().dropout([0.1]);
    search(&board).space(space).nested_cross_validate(KFold::new(2), &data()).expect("nested");
    board.check().expect("everything written");
    let inner = ["0,1-dropout=0.1", "0-dropout=0.1,epochs=2", "1-dropout=0.1,epochs=6"];
    let inner: Vec<String> = inner.iter().flat_map(|run| [0, 1].map(|fold| format!("{run}/fold-{fold}"))).collect();
    let inner = [inner, vec!["refit".to_owned()]].concat();
    let wanted: Vec<String> =
        (0..2).flat_map(|outer| inner.iter().map(move |run| format!("outer-{outer}/{run}"))).collect();
    assert_eq!(runs(folder.path()), wanted);
}

#[test]
fn attempts_and_curves_have_folders_of_their_own() {
    /// Panics once.
    #[derive(Default)]
    struct Once(AtomicBool);
    impl Hook for Once {
        fn fit_end(&self, _: &FitInfo, _: &FitEnd<'_>) {
            assert!(self.0.swap(true, Ordering::SeqCst), "once");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let board = TensorBoard::at(folder.path());
    let space = Mlp::space().dropout([0.1]).epochs([2]);
    let tried = search(&board).space(space).workers(1).retries(1).hook(Once::default());
    tried.cross_validate(&data()).expect("a report");
    let name = "0-dropout=0.1,epochs=2";
    assert_eq!(runs(folder.path()), ["fold-0", "fold-0.2", "fold-1"].map(|fold| format!("{name}/{fold}")));

    let folder = tempfile::tempdir().expect("a folder");
    let board = TensorBoard::at(folder.path());
    let only = Mlp::search(Only(MlpParams { dropout: 0.1, epochs: 2 })).cv(KFold::new(2)).hook(board.clone());
    only.learning_curve(&TrainSizes::rows([20, 40]), &data()).expect("a curve");
    board.check().expect("everything written");
    let wanted = [0, 1].map(|fold| [20, 40].map(|rows| format!("dropout=0.1,epochs=2/fold-{fold},rows={rows}")));
    assert_eq!(runs(folder.path()), wanted.concat());
}
