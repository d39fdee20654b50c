use dropgrid::prelude::*;

#[searchable]
struct Block {
    numbers: Standardize<2>,
    linear: Linear<2, 8>,
}

#[searchable]
struct Mlp {
    #[searchable]
    block: Block,
    output: Linear<8, 3>,
}
