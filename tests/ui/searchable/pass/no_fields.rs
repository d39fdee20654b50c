use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
}

fn main() {}
