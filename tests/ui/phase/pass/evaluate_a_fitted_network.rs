//! A fitted model hands its network out for evaluation passes.

use dropgrid::{model::Network, phase::Pass, prelude::*};

#[searchable]
struct Mlp {
    hidden: Linear<2, 4>,
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<4, 2>,
}

fn quiet(fitted: &Fitted<Mlp, Classes<2>>, features: &Features) -> dropgrid::Result<Vec<f32>> {
    let network = fitted.network::<MlpNet>().expect("that network");
    let pass = Pass::evaluation(features)?;
    Ok(network.evaluate(pass)?.values())
}

#[test]
fn main() {
    let _ = quiet;
}
