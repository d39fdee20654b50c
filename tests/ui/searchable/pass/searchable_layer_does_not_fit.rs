use dropgrid::prelude::*;

#[searchable]
struct Block {
    linear: Linear<8, 8>,
    #[grid(0.0, 0.2)]
    dropout: Dropout,
}

#[searchable]
struct Mlp {
    hidden: Linear<4, 8>,
    #[searchable]
    block: Block,
    output: Linear<8, 3>,
}
