use dropgrid::prelude::*;

#[searchable]
struct Mlp<'a> {
    output: Linear<2, 3>,
}

fn main() {}
