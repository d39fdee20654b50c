use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, Tanh)] Act>
where
    Act: Clone,
{
    hidden: (Linear<2, 8>, Act),
    output: Linear<8, 3>,
}

fn main() {}
