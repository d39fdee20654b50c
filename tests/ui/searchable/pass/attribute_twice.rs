use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(0.1, 0.2)]
    lr: f64,
    #[train]
    #[grid(5, 10)]
    epochs: usize,
}

fn main() {}
