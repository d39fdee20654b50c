use dropgrid::prelude::*;

const UNITS: usize = 8;

#[searchable]
struct Mlp {
    hidden: (Linear<2, UNITS>, ReLU),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<UNITS, 3>,
}

fn main() {}
