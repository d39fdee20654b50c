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

#[test]
fn every_training_has_a_folder_that_says_what_it_is_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let board = TensorBoard::at(folder.path()).batches(true);
    let recipe = Train::adam(1e-2).batch_size(20).early_stopping(EarlyStopping::patience(9));
    search(&board).train(recipe).fit(&data()).expect("a report");
    board.check().expect("everything written");
    let shared =
        ["0,1-dropout=0.0/fold-0", "0,1-dropout=0.0/fold-1", "2,3-dropout=0.3/fold-0", "2,3-dropout=0.3/fold-1"];
    assert_eq!(runs(folder.path()), [&shared[..], &["refit"]].concat());
    let run = folder.path().join(shared[1]);
    let file = fs::read_dir(run).expect("a folder").next().expect("a file").expect("an entry").path();
    let bytes = fs::read(file).expect("a file");
    // A version, 6 epochs and 6 x 3 batches of at least a frame each, and every tag by its name.
    assert!(bytes.len() > 25 * 16);
    for tag in ["train/loss", "validation/loss", "batch/loss", "_hparams_/session_start_info", "0,1-dropout=0.0"] {
        assert!(bytes.windows(tag.len()).any(|window| window == tag.as_bytes()), "{tag}");
    }

    if let Some(readers) = std::env::var_os("DROPGRID_READERS") {
        search(&TensorBoard::at(Path::new(&readers).join("board"))).cross_validate(&data()).expect("a report");
    }

    // The same again in the same place.
    search(&board).fit(&data()).expect("a report");
    let twice: Vec<String> =
        shared.iter().chain(&["refit"]).flat_map(|run| [(*run).to_owned(), format!("{run}.2")]).collect();
    assert_eq!(runs(folder.path()), twice);
}

#[test]
fn a_nested_search_has_folders_for_each_outer_fold() {
    let folder = tempfile::tempdir().expect("a folder");
    let board = TensorBoard::at(folder.path());
    let space = Mlp::space().dropout([0.1]);
    search(&board).space(space).nested_cross_validate(KFold::new(2), &data()).expect("nested");
    board.check().expect("everything written");
    let inner = ["0,1-dropout=0.1/fold-0", "0,1-dropout=0.1/fold-1", "refit"];
    let wanted: Vec<String> = (0..2).flat_map(|outer| inner.map(|run| format!("outer-{outer}/{run}"))).collect();
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
