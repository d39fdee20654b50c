use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, Identity)] Act> {
    hidden: (Linear<2, 4>, Act),
    none: Identity,
    output: Linear<4, 3>,
}

fn main() {}
