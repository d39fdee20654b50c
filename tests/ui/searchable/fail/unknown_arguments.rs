use dropgrid::prelude::*;

#[searchable(forbd = lr > 0.1, input = 2, max_architecture = 3)]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid()]
    lr: f64,
}

fn main() {}
