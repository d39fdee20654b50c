use dropgrid::prelude::*;

#[searchable]
struct Block {
    linear: Linear<4, 4>,
    #[grid(0.0, 0.2)]
    dropout: Dropout,
}

#[searchable]
struct Mlp {
    #[searchable]
    block: (Block, ReLU),
    output: Linear<4, 3>,
}

fn main() {}
