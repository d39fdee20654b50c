use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(log(1e-3..=0.1), points = 3)]
    lr: f64,
}

fn main() {}
