use dropgrid::prelude::*;

const HIGH: f64 = 0.2;

#[searchable(forbid = dropout < 0.05, forbid = dropout > 0.15)]
struct Mlp {
    hidden: Linear<2, 4>,
    #[grid(0.1, HIGH)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

fn main() {}
