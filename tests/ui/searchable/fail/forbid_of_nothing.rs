use dropgrid::prelude::*;

const LIMIT: f64 = 0.0;

#[searchable(forbid = LIMIT > 0.1)]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
