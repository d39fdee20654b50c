use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const WIDTH: usize> {
    hidden: (Linear<2, 8>, ReLU),
    output: Linear<8, WIDTH>,
}

fn main() {}
