use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(1, 2)]
    epochs: usize,
    #[train]
    #[when(epochs > 1)]
    #[grid(0.1)]
    lr: f64,
}

fn main() {}
