use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    dropout: Dropout<0.5>,
    output: Linear<8, 3>,
}

fn main() {}
