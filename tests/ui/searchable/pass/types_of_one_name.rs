use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<2, 3>, Act),
}

fn main() {}
