use dropgrid::prelude::*;

#[searchable(forbid = dropout > 0.1)]
struct Mlp {
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
