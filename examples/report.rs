//! A search of the digits as a page with pictures: `cargo run --release --example report -- report.html`.

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
    let report = Mlp::search(Grid)
        .cv(StratifiedKFold::new(5).shuffle())
        .scoring((Accuracy, LogLoss))
        .train(recipe)
        .train_scores(true)
        .seed(42)
        .fit(&digits)?;
    println!("{report}");
    report.to_html(&path)?;
    println!("{path}");
    Ok(())
}
