use dropgrid::prelude::*;

#[searchable]
struct Block {
    linear: Linear<8, 8>,
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    #[train]
    #[grid(1e-3, 1e-2)]
    lr: f64,
}

#[searchable]
struct Mlp {
    #[searchable]
    block: Residual<Block>,
    output: Linear<8, 3>,
}

fn main() {}
