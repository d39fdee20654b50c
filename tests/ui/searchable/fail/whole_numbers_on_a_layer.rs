use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(32, 64)]
    hidden: Linear<4, 4>,
    #[grid(0, 0.5)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

fn main() {}
