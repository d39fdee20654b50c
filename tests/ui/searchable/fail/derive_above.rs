use dropgrid::prelude::*;

#[derive(Debug, Clone)]
#[searchable]
struct Mlp<#[grid(8, 16)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<2, HIDDEN>, Act),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
}

fn main() {}
