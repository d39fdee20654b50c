use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[train]
    #[grid(0.1)]
    lr: f64,
}

fn main() {}
