use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(Dropout, LeakyReLU)] Noise> {
    hidden: Linear<2, 8>,
    #[grid(0.1, 0.2)]
    noise: Noise,
    output: Linear<8, 3>,
}

fn main() {}
