use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    relu: ReLU,
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
