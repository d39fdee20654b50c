use dropgrid::prelude::*;

#[searchable]
#[derive(Debug, Clone)]
struct Mlp<#[grid(8, 16)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<2, HIDDEN>, Act),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
}

fn main() {}
