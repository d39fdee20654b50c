use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(0.1)]
    lr: f64,
}

fn main() {}
