use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    name: Tanh,
    output: Linear<2, 3>,
}

fn main() {}
