use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[log_uniform(1e-6..0.1)]
    lr: f64,
}

fn main() {}
