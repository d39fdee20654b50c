use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1)]
    build: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
