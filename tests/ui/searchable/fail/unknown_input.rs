use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    relu: ReLU,
    sum: Tanh,
}

fn main() {}
