use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const HIDDEN: usize> {
    hidden: (Linear<2, HIDEN>, ReLU),
    output: Linear<HIDDEN, 3>,
}

fn main() {}
