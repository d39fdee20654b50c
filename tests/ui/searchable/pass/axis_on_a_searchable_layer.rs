use dropgrid::prelude::*;

#[searchable]
struct Block {
    linear: Linear<8, 8>,
    #[grid(0.0, 0.2)]
    dropout: Dropout,
}

#[searchable]
struct Mlp {
    #[searchable]
    block: Block,
    output: Linear<8, 3>,
}
