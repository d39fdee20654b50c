use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(Linear<4, 4>, ReLU)] Mid> {
    hidden: Linear<2, 8>,
    mid: Mid,
    output: Linear<8, 3>,
}

fn main() {}
