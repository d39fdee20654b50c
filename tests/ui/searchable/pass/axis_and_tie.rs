use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 4>,
    #[set(p = rate)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[grid(0.3, 0.4)]
    rate: f64,
}

fn main() {}
