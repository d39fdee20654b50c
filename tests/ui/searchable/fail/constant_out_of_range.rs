use dropgrid::prelude::*;

const RATE: f64 = 1.2;

#[searchable]
struct Mlp {
    hidden: Linear<2, 4>,
    #[grid(0.1, RATE)]
    first: Dropout,
    #[grid(0.1, 2.0 * 0.6)]
    second: Dropout,
    #[grid(0.1, f64::NAN)]
    third: Dropout,
    #[set(p = RATE)]
    fourth: Dropout,
    output: Linear<4, 3>,
}

fn main() {}
