use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    lr: f64,
}

fn main() {}
