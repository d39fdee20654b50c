use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[when(optimizer.is_sgd())]
    #[grid(0.0, 0.9)]
    momentum: f64,
}

fn main() {}
