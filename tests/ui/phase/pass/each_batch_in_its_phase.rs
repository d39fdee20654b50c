#![allow(unused_imports)]

use dropgrid::{model::Network, phase::Pass, prelude::*, seed::Seed};

#[searchable]
struct Mlp {
    hidden: (Linear<2, 4>, ReLU),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

#[test]
fn main() -> dropgrid::Result<()> {
    let features = Features::from_rows([[0.0, 1.0]])?;
    let mut network = Mlp::builder().dropout(0.1).build(0)?;
    network.train(Pass::training(&features, Seed(1))?)?;
    network.evaluate(Pass::evaluation(&features)?)?.probabilities();
    Ok(())
}
