use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Vec<Linear<4, 4>>,
    norm: Option<BatchNorm1D<4>>,
    output: Linear<4, 3>,
}

fn main() {}
