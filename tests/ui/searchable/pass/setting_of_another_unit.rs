use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<4, 3>,
    #[train]
    #[grid(1e-3, 1e-2)]
    lr: f64,
}

fn main() {}
