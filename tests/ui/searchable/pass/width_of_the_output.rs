use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const WIDTH: usize> {
    hidden: (Linear<2, WIDTH>, ReLU),
    output: Linear<WIDTH, 8>,
}

fn main() {}
