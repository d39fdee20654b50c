use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<8, 3>,
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
}

fn main() {}
