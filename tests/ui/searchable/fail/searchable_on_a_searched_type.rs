use dropgrid::prelude::*;

#[searchable]
struct Narrow {
    linear: Linear<4, 4>,
    #[grid(0.0, 0.2)]
    dropout: Dropout,
}

#[searchable]
struct Wide {
    first: Linear<4, 16>,
    second: Linear<16, 4>,
}

#[searchable]
struct Mlp<#[grid(Narrow, Wide)] Block> {
    #[searchable]
    block: Residual<Block>,
    output: Linear<4, 3>,
}

fn main() {}
