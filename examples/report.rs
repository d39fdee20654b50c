//! A search of the digits as a page with pictures: `cargo run --release --example report -- report.html`.
//!
//! The page has the confusion matrix and the calibration of the best candidate's out-of-fold predictions, which are made by a
//! cross-validation of its own.

use std::env;

use dropgrid::prelude::*;

/// Dense(32, 64 or 128, relu), dropout, Dense(10).
#[searchable]
pub struct Mlp<#[grid(32, 64, 128)] const HIDDEN: usize> {
    hidden: (Linear<64, HIDDEN>, ReLU),
    #[grid(0.0..=0.6, step = 0.15)]
    dropout: Dropout,
    output: Linear<HIDDEN, 10>,
    #[train]
    #[grid(log(5e-4..=8e-3), points = 4)]
    lr: f64,
}

fn main() -> dropgrid::Result<()> {
    let path = env::args().nth(1).unwrap_or_else(|| "report.html".to_owned());
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let recipe = Train::adam(1e-3).epochs(20).batch_size(32).early_stopping(EarlyStopping::patience(20));
    let folds = || StratifiedKFold::new(5).shuffle();
    let report = Mlp::search(Grid)
        .cv(folds())
        .scoring((Accuracy, LogLoss))
        .train(recipe.clone())
        .train_scores(true)
        .seed(42)
        .fit(&digits)?;
    println!("{report}");

    let best = Mlp::search(Only(report.best_params().clone())).cv(folds()).train(recipe).seed(42);
    let predictions = best.cross_val_predict(&digits)?;
    report.with_predictions(predictions.view(&digits)).to_html(&path)?;
    println!("{path}");
    Ok(())
}
