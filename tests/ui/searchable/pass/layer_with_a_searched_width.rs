use dropgrid::prelude::*;

#[searchable]
struct Block<const WIDTH: usize> {
    linear: Linear<8, WIDTH>,
    output: Linear<WIDTH, 8>,
}

#[searchable]
struct Mlp {
    #[searchable]
    block: Block<16>,
    output: Linear<8, 3>,
}
