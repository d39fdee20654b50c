use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 8>,
    #[set(p = 0.1)]
    dropout: Dropout,
    #[set(p = 0.2)]
    late: Dropout,
    output: Linear<8, 3>,
}

fn main() {}
