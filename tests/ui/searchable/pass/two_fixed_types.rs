use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[fixed(ReLU)] Act> {
    hidden: (Linear<2, 4>, Act),
    output: Linear<4, 3>,
}

fn main() {}
