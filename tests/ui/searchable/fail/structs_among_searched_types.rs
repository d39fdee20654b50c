use dropgrid::prelude::*;

#[searchable]
struct Narrow {
    linear: Linear<4, 4>,
}

#[searchable]
struct Mlp<#[grid(Identity, Narrow)] Block> {
    body: Block,
    output: Linear<4, 3>,
}

fn main() {}
