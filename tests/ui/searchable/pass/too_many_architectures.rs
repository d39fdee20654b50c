use dropgrid::prelude::*;

#[searchable(max_architectures = 4)]
struct Mlp<#[grid(1, 2)] const A: usize, #[grid(1, 2)] const B: usize> {
    hidden: (Linear<2, A>, Linear<A, B>, Linear<B, 3>),
}

fn main() {}
