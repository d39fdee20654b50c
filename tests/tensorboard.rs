//! What the hook for TensorBoard leaves on the disk.

#[path = "support/corners.rs"]
mod corners;

use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(2, 6)]
    epochs: usize,
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(90, 1.0)
}

#[test]
fn tensorboard_has_a_folder_for_each_candidate_and_fold() {
    let folder = tempfile::tempdir().expect("a folder");
    let board = TensorBoard::at(folder.path()).batches(true);
    let recipe = Train::adam(1e-2).batch_size(20).early_stopping(EarlyStopping::patience(9));
    Mlp::search(Grid).cv(KFold::new(2)).train(recipe).hook(board.clone()).fit(&data()).expect("a report");
    board.check().expect("everything written");
    let names = |path: &std::path::Path| {
        let entries = std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(folder.path()), ["0-dropout=0.0,epochs=6", "2-dropout=0.3,epochs=6", "refit"]);
    let candidate = folder.path().join("0-dropout=0.0,epochs=6");
    assert_eq!(names(&candidate), ["fold-0", "fold-1"]);
    let files = names(&candidate.join("fold-1"));
    assert!(files.len() == 1 && files[0].starts_with("events.out.tfevents."), "{files:?}");
    let bytes = std::fs::read(candidate.join("fold-1").join(&files[0])).expect("a file");
    // A version, 6 epochs and 6 x 3 batches of at least a frame each, and every tag by its name.
    assert!(bytes.len() > 25 * 16);
    for tag in ["train/loss", "train/learning_rate", "watched/loss", "batch/loss"] {
        assert!(bytes.windows(tag.len()).any(|window| window == tag.as_bytes()), "{tag}");
    }
}
