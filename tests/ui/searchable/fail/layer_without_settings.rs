use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[set(slope = 0.1)]
    relu: ReLU,
    output: Linear<2, 3>,
}

fn main() {}
