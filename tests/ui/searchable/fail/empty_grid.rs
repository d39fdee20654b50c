use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid()]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[train]
    #[grid]
    lr: f64,
}

fn main() {}
