use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[when(optimizer.is_sgd())]
    #[grid(0.0, 0.9)]
    momentum: f64,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
}

fn main() {}
