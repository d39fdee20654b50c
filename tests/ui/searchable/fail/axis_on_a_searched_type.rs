use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(Dropout, LeakyReLU)] Noise> {
    hidden: Linear<2, 4>,
    #[grid(0.1, 0.3)]
    regular: Noise,
    output: Linear<4, 3>,
}

fn main() {}
