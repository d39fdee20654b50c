use dropgrid::prelude::*;

#[searchable(inptu = 2)]
struct Mlp {
    output: Linear<2, 3>,
}

fn main() {}
