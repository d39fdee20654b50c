use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 8>,
    #[grid(p: 0.1, 0.2)]
    dropout: Dropout,
    #[grid(momentum: 0.1, 0.2)]
    norm: BatchNorm1D<8>,
    output: Linear<8, 3>,
}

fn main() {}
