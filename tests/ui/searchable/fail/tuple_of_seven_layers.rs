use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<2, 8>, ReLU, Linear<8, 8>, ReLU, Linear<8, 8>, ReLU, Linear<8, 3>),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
}

fn main() {}
