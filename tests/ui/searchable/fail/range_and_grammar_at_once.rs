use dropgrid::prelude::*;

#[searchable(inptu = 2)]
struct Mlp<#[grid(8, 8)] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    #[grid(0.1, 1.2)]
    dropout: Dropout,
    #[set(momentum = 2.0)]
    norm: BatchNorm1D<8>,
    output: Linear<HIDDEN, 3>,
}

fn main() {}
