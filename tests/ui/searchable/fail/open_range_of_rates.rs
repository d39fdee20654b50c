use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[uniform(0.0..1.5)]
    first: Dropout,
    hidden: Linear<4, 8>,
    #[log_uniform(1e-3..2.0)]
    second: Dropout,
    output: Linear<8, 3>,
}

fn main() {}
