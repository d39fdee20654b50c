use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, LeakyReLU)] Act> {
    hidden: (Linear<2, 4>, Act),
    #[grid(0.1, 0.3)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

fn main() {}
