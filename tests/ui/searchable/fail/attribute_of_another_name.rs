use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[choice(ReLU, Tanh)] Act> {
    hidden: (Linear<4, 8>, Act),
    output: Linear<8, 3>,
    #[train]
    #[values(1e-4, 1e-3)]
    lr: f64,
}

fn main() {
    let _ = Mlp::search(Grid);
    let _ = [MlpAct::ReLU, MlpAct::Tanh];
}
