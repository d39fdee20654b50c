use dropgrid::prelude::*;

#[searchable(forbid = HIDEN > 8)]
struct Mlp<#[grid(8, 16)] const HIDDEN: usize> {
    hidden: (Linear<2, HIDDEN>, ReLU),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
    #[train]
    #[when(dropuot > 0.1)]
    #[grid(1e-3, 3e-3)]
    lr: f64,
}

fn main() {}
