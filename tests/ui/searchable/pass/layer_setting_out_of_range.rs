use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(momentum: 0.1, 0.5)]
    norm: BatchNorm1D<2>,
    output: Linear<2, 3>,
}

fn main() {}
