use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, Tanh)] Net> {
    hidden: (Linear<2, 8>, Net),
    output: Linear<8, 3>,
}

fn main() {}
