use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[set(p = 0.5)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
