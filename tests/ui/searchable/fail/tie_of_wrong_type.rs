use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[set(p = rate)]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[grid(1, 2)]
    rate: usize,
}

fn main() {}
