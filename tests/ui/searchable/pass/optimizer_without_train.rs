use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<8, 3>,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
}

fn main() {}
