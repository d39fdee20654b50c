use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<4, 3>,
    #[train]
    #[grid(Optimizer::adam())]
    optimizer: Optimizer,
}

fn main() {}
