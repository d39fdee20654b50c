use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(1e-3, 1e-2)]
    learning_rate: f64,
    #[train]
    #[grid(5, 10)]
    n_epochs: usize,
    #[train]
    #[grid(16, 32)]
    batch: usize,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimiser: Optimizer,
}

fn main() {}
