use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[uniform(0.1..0.5)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
