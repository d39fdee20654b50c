use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<2, 8>, ReLU),
    output: Linear<8, 3>,
}

fn main() {}
