use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid([8, 16])] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    #[grid([0.1, 0.2])]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
    #[train]
    #[grid([1e-3, 1e-2])]
    lr: f64,
}

fn main() {}
