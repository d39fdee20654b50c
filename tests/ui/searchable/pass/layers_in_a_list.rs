use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(BatchNorm1D<4>, Identity)] Norm> {
    hidden: Repeated<Linear<4, 4>, 3>,
    norm: Norm,
    output: Linear<4, 3>,
}

fn main() {}
