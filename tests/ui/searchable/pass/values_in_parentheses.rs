use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    #[fixed(0.5)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

fn main() {}
