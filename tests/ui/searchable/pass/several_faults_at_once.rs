use dropgrid::prelude::*;

#[searchable(input = 2)]
struct Mlp {
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[train]
    #[grid(0.1, 0.2)]
    lr: f64,
    #[train]
    #[grid(1)]
    epochs: usize,
}

fn main() {}
