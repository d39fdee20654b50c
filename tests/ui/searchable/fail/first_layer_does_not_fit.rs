use dropgrid::prelude::*;

#[searchable(input = 3)]
struct Mlp {
    hidden: Linear<2, 8>,
    output: Linear<8, 3>,
}

fn main() {}
