use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grdi(8, 16)] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    #[gird(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[wehn(optimizer.is_sgd())]
    #[grid(0.0, 0.9)]
    momentum: f64,
    #[trian]
    #[grid(0.1, 0.2)]
    lr: f64,
}

fn main() {}
