//! Three dropout rates, two widths and two learning rates for the digits of scikit-learn, on five folds.
//!
//! `cargo run --release --example quickstart`

use dropgrid::prelude::*;

/// Dense(64 or 128, relu), dropout, Dense(10): one struct is the network and its search space.
#[searchable]
pub struct Mlp<#[grid(64, 128)] const HIDDEN: usize> {
    hidden: (Linear<64, HIDDEN>, ReLU),
    #[grid(0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<HIDDEN, 10>,
    #[train]
    #[grid(1e-3, 3e-3)]
    lr: f64,
}

fn main() -> dropgrid::Result<()> {
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let report = Mlp::search(Grid)
        .cv(StratifiedKFold::new(5).shuffle())
        .scoring((Accuracy, LogLoss))
        .train(Train::adam(1e-3).epochs(20).batch_size(32))
        .seed(42)
        .fit(&digits)?;
    println!("{report}");
    Ok(())
}
