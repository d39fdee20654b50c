use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[uniform(0.0..1.0)]
    optimizer: Optimizer,
}

fn main() {}
