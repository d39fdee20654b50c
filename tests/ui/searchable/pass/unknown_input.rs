use dropgrid::prelude::*;

#[searchable(input = 3)]
struct Mlp {
    relu: ReLU,
    sum: Tanh,
}

fn main() {}
