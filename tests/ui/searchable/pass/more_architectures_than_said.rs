use dropgrid::prelude::*;

#[searchable(max_architectures = 2)]
struct Mlp<#[grid(1, 2)] const A: usize> {
    hidden: (Linear<2, A>, Linear<A, 3>),
}

fn main() {}
