use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 8>,
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    middle: Linear<8, 8>,
    #[set(p = droput / 2.0)]
    late: Dropout,
    output: Linear<8, 3>,
}

fn main() {}
