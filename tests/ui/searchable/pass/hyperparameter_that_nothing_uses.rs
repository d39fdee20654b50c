use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[set(p = rate)]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[grid(0.1, 0.2)]
    rate: f64,
}

fn main() {}
