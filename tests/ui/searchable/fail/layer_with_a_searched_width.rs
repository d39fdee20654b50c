use dropgrid::prelude::*;

#[searchable]
struct Block<#[grid(8, 16)] const WIDTH: usize> {
    linear: Linear<8, WIDTH>,
    output: Linear<WIDTH, 8>,
}

#[searchable]
struct Mlp {
    #[searchable]
    block: Block,
    output: Linear<8, 3>,
}

fn main() {}
