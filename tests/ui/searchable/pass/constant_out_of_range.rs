use dropgrid::prelude::*;

const RATE: f64 = 0.2;

#[searchable]
struct Mlp {
    hidden: Linear<2, 4>,
    #[grid(0.1, RATE)]
    first: Dropout,
    #[grid(0.1, 2.0 * 0.3)]
    second: Dropout,
    #[set(p = RATE)]
    third: Dropout,
    output: Linear<4, 3>,
}

fn main() {}
