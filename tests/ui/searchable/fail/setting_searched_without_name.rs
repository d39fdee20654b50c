use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1)]
    norm: BatchNorm1D<2>,
    output: Linear<2, 3>,
}

fn main() {}
