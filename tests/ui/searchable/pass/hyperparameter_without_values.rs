use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[set(p = rate)]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[param]
    #[grid(0.1)]
    rate: f64,
}

fn main() {}
