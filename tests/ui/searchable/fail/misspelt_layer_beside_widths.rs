use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<2, HIDDEN>, Rellu, Act),
    output: Linear<HIDDEN, 3>,
}

fn main() {}
