use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<2, 4>, ReLU),
    scale: Standardize<4>,
    output: Linear<4, 3>,
}

fn main() {}
