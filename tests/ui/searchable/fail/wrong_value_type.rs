use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, "0.2")]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[train]
    #[grid(16, 32.0)]
    batch_size: usize,
    #[train]
    #[grid(1, 0)]
    nesterov: bool,
    #[train]
    #[grid(-1, 2)]
    epochs: usize,
    #[train]
    #[grid(0.5, "0.9")]
    momentum: f64,
}

fn main() {}
