use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, ())] Act> {
    hidden: (Linear<2, 4>, Act),
    none: (),
    output: Linear<4, 3>,
}

fn main() {}
