use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[grid(1e-3, 1e-2)]
    lr: f64,
    #[grid(5, 10)]
    num_epochs: usize,
}

#[searchable]
struct Bare {
    output: Linear<2, 3>,
    lr: f64,
}

fn main() {}
