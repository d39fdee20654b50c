use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 8>,
    #[grid(rate: 0.1, 0.2)]
    dropout: Dropout,
    #[grid(momentom: 0.1, 0.2)]
    norm: BatchNorm1D<8>,
    output: Linear<8, 3>,
}

fn main() {}
