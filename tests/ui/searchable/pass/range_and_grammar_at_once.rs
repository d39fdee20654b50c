use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(4, 8)] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    #[set(momentum = 0.2)]
    norm: BatchNorm1D<HIDDEN>,
    output: Linear<HIDDEN, 3>,
}

fn main() {}
