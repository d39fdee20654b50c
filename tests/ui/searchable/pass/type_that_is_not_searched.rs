use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU)] Act> {
    hidden: (Linear<2, 8>, Act),
    output: Linear<8, 3>,
}

fn main() {}
