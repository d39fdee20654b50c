use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(momentum: 0.1)]
    #[set(epsilon = 1e-4)]
    norm: BatchNorm1D<2>,
    output: Linear<2, 3>,
}

fn main() {}
