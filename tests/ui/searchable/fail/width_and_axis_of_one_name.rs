use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const DROPOUT: usize> {
    hidden: Linear<2, DROPOUT>,
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<DROPOUT, 3>,
}

fn main() {}
