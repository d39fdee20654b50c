use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    output: Linear<2, 3>,
}

fn main() {}
