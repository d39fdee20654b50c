use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const A: usize> {
    hidden: (Linear<2, A>, Linear<A, 3>),
}

fn main() {}
