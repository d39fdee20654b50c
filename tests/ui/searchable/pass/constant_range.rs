use dropgrid::prelude::*;

const LOW: f64 = 0.5;
const STEP: f64 = 0.25;

#[searchable]
struct Mlp {
    hidden: Linear<2, 4>,
    #[grid(0.0..=LOW, step = STEP)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[uniform(0.1..LOW)]
    lr: f64,
    #[train]
    #[log_uniform(1e-9 * LOW..0.1)]
    eps: f64,
    #[train]
    #[uniform(0.0..f64::EPSILON)]
    weight_decay: f64,
}

fn main() {}
