use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[train]
    #[grid(0.1, 0.2)]
    lr: f64,
    #[train(epochs)]
    #[grid(5, 10)]
    epochs: usize,
}

fn main() {}
