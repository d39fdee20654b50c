use dropgrid::prelude::*;

type Nothing = Identity;

#[searchable]
struct Mlp<#[grid(BatchNorm1D<4>, Nothing)] Norm> {
    hidden: Linear<2, 4>,
    norm: Norm,
    output: Linear<4, 3>,
}

fn main() {}
