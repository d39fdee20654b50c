use dropgrid::prelude::*;

const WIDTH: usize = 8;
const RATE: f64 = 0.1;

#[searchable]
struct Mlp<#[grid(8, WIDTH)] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    #[grid(RATE, 0.2, 0.1)]
    dropout: Dropout,
    #[grid(0.0, -0.0)]
    late: Dropout,
    output: Linear<HIDDEN, 3>,
    #[train]
    #[grid(4, WIDTH / 2)]
    epochs: usize,
}

fn main() {}
