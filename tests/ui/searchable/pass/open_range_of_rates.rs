use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[uniform(0.0..1.0)]
    first: Dropout,
    hidden: Linear<4, 8>,
    #[log_uniform(1e-3..1.0)]
    second: Dropout,
    output: Linear<8, 3>,
}

fn main() {}
