use dropgrid::prelude::*;

#[searchable(input = 2)]
struct Mlp {
    output: Linear<2, 3>,
}

fn main() {}
