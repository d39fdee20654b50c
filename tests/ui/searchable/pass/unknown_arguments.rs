use dropgrid::prelude::*;

#[searchable(forbid = lr > 0.1, input = 2, max_architectures = 3)]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(0.1, 0.2)]
    lr: f64,
}

fn main() {}
