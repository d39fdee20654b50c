use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 8>,
    #[set(p)]
    dropout: Dropout,
    #[set(p =)]
    late: Dropout,
    output: Linear<8, 3>,
}

fn main() {}
