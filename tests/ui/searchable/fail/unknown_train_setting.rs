use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(1, 2)]
    epoch: usize,
    #[train]
    #[grid(1, 2)]
    warmth: usize,
}

fn main() {}
