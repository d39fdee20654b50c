use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, Tanh, ReLU)] Act> {
    hidden: (Linear<2, 3>, Act),
}

fn main() {}
