use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<4, 3>,
    #[train]
    #[grid("adam")]
    optimizer: Optimizer,
}

fn main() {}
