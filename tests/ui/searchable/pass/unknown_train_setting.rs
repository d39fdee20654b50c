use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[grid(1, 2)]
    epochs: usize,
}

fn main() {}
