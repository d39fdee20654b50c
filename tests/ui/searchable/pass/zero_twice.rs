use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.0, 0.1)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
