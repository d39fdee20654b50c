use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16.0, 0.5)] const HIDDEN: usize, #[grid("8", -8)] const LATER: usize> {
    hidden: (Linear<2, HIDDEN>, ReLU),
    later: (Linear<HIDDEN, LATER>, ReLU),
    output: Linear<LATER, 3>,
}

fn main() {}
