//! Rows that are set aside to be watched are seen by nothing that is trained: not by a scaler's statistics, and without
//! a rule that listens to them not by any weight.

use std::{
    ops::Range,
    sync::{Arc, Mutex},
};

use dropgrid::{hook::FitInfo, prelude::*};

use super::{noisy, recipe};

/// The rows of the data, those in `rows` far from where they were.
fn moved(rows: Range<usize>) -> Dataset<Classes<3>> {
    let data = noisy();
    let features = (0..data.len()).map(|row| {
        let by = if rows.contains(&row) { 1000.0 } else { 0.0 };
        data.features().row(row).iter().map(|value| value + by).collect::<Vec<f32>>()
    });
    Dataset::from_features(Features::from_rows(features).expect("rows"), data.targets().clone()).expect("data")
}

/// Of each epoch of the fold and of the training on all rows: its training loss, and what was watched.
type Epochs = Vec<(bool, f64, Option<f64>)>;

/// Every fold trains on what comes before the rows that it scores, so the last rows are watched: of the fold's 60 rows
/// the last 12, of all 90 the last 18.
macro_rules! search {
    ($model:ident, $data:expr, $watches:literal) => {{
        let epochs: Arc<Mutex<Epochs>> = Arc::default();
        let seen = Arc::clone(&epochs);
        let look = move |fit: &FitInfo, epoch: &Epoch| {
            seen.lock().expect("no panic").push((fit.fold.is_some(), f64::from(epoch.train_loss), epoch.monitored));
        };
        let recipe = recipe().epochs(6);
        let never = EarlyStopping::patience(100).restore_best(false);
        let report = $model::search(Grid)
            .cv(SplitList::new([(0..60, (60..90).collect::<Vec<_>>())]))
            .train(if $watches { recipe.early_stopping(never) } else { recipe })
            .refit_epochs(RefitEpochs::StopAgain)
            .workers(1)
            .progress(false)
            .hook(look)
            .fit(&$data)
            .expect("a report");
        let epochs = epochs.lock().expect("no panic").clone();
        (epochs, report.fitted().to_bytes().expect("bytes"))
    }};
}

/// The training losses on the fold, or those on all rows; and what was watched.
fn of(epochs: &Epochs, fold: bool) -> (Vec<f64>, Vec<Option<f64>>) {
    epochs.iter().filter(|(is_fold, ..)| *is_fold == fold).map(|&(_, loss, watched)| (loss, watched)).unzip()
}

macro_rules! check {
    ($model:ident, $scaler:ty) => {{
        #[searchable]
        struct $model {
            scale: $scaler,
            hidden: (Linear<4, 8>, ReLU),
            #[grid(0.1)]
            dropout: Dropout,
            output: Linear<8, 3>,
        }

        let (plain, weights) = search!($model, noisy(), true);
        assert_eq!(of(&plain, true).0.len() + of(&plain, false).0.len(), 12);
        // Watched on the fold, and no others.
        let (found, _) = search!($model, moved(48..60), true);
        assert_eq!(of(&found, true).0, of(&plain, true).0);
        assert_ne!(of(&found, true).1, of(&plain, true).1, "they are watched");
        // Watched while the winner is trained.
        let (found, kept) = search!($model, moved(72..90), true);
        assert_eq!(of(&found, false).0, of(&plain, false).0);
        assert_ne!(of(&found, false).1, of(&plain, false).1, "they are watched");
        assert_eq!(kept, weights, "statistics and weights");
        // The row before them is trained on.
        assert_ne!(of(&search!($model, moved(47..48), true).0, true).0, of(&plain, true).0);
        assert_ne!(search!($model, moved(71..72), true).1, weights);
        // Where nothing is watched, so are they.
        assert_ne!(search!($model, noisy(), false).1, search!($model, moved(72..90), false).1);
    }};
}

#[test]
fn what_is_watched_changes_neither_statistics_nor_weights() {
    check!(Standardized, Standardize<4>);
    check!(Ranged, MinMax<4>);
}
