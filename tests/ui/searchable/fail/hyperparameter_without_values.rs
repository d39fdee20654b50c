use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[set(p = rate)]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[param]
    rate: f64,
}

fn main() {}
