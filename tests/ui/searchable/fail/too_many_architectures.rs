use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(1, 2, 3, 4, 5, 6, 7, 8, 9)] const A: usize, #[grid(1, 2, 3, 4, 5, 6, 7, 8, 9)] const B: usize> {
    hidden: (Linear<2, A>, Linear<A, B>, Linear<B, 3>),
}

fn main() {}
