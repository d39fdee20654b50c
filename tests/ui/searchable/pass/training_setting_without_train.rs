use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(1e-3, 1e-2)]
    lr: f64,
    #[train]
    #[grid(5, 10)]
    epochs: usize,
}

fn main() {}
