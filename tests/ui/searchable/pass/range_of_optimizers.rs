use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(Optimizer::sgd())]
    optimizer: Optimizer,
}

fn main() {}
