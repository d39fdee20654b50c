//! A search that runs on a laptop or on a cluster, by the same program: halving of dropout rates, widths and learning rates
//! for the digits of scikit-learn.
//!
//! `cargo build --release --example cluster`, then `target/release/examples/cluster help`. The page `docs/cluster.md` goes
//! through it.

use std::process::ExitCode;

use dropgrid::prelude::*;

/// Dense, dropout, Dense(10): one struct is the network and its search space.
#[searchable]
pub struct Mlp<#[grid(64, 128)] const HIDDEN: usize> {
    hidden: (Linear<64, HIDDEN>, ReLU),
    #[grid(0.0..=0.5, step = 0.1)]
    dropout: Dropout,
    output: Linear<HIDDEN, 10>,
    #[train]
    #[grid(3e-4, 1e-3, 3e-3)]
    lr: f64,
}

fn main() -> ExitCode {
    dropgrid::cluster::main("digits.study", || {
        let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
        Mlp::search(SuccessiveHalving::new(Grid).factor(3).min_resource(27))
            .cv(StratifiedKFold::new(5).shuffle())
            .train(Train::adam(1e-3).epochs(81).batch_size(32))
            .seed(42)
            .on(digits)
    })
}
