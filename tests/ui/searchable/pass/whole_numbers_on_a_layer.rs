use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(32, 64)] const HIDDEN: usize> {
    hidden: Linear<4, HIDDEN>,
    #[grid(0.0, 0.5)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
}

fn main() {}
