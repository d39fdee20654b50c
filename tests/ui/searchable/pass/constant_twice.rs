use dropgrid::prelude::*;

const WIDTH: usize = 8;
const RATE: f64 = 0.1;

#[searchable]
struct Mlp<#[grid(16, WIDTH)] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    #[grid(RATE, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
    #[set(p = if seed > 9007199254740992 { 0.1 } else { 0.2 })]
    late: Dropout,
    #[train]
    #[grid(5, WIDTH / 2)]
    epochs: usize,
    #[grid(9007199254740992, 9007199254740993)]
    seed: u64,
}

fn main() {}
