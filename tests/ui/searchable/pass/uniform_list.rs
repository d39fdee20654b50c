use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[uniform(0.1..0.2)]
    lr: f64,
}

fn main() {}
