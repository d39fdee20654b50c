use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(1, 2)] const DEPTH: usize> {
    hidden: Repeated<(Linear<8, 8>, ReLU), DEPTH>,
    output: Linear<8, 3>,
}

fn main() {}
