use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<4, 8>, Act),
    output: Linear<8, 3>,
    #[train]
    #[grid(1e-4, 1e-3)]
    lr: f64,
}

fn main() {
    let _ = Mlp::search(Grid);
    let _ = [MlpAct::ReLU, MlpAct::Tanh];
}
