use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[uniform(0.5..0.1)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
