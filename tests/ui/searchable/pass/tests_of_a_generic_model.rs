use dropgrid::prelude::*;

#[searchable(tests)]
struct Mlp {
    output: Linear<2, 3>,
}

fn main() {}
