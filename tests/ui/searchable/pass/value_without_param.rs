use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 4>,
    #[set(p = rate.unwrap_or(0.0))]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[param]
    #[grid(None, Some(0.1))]
    rate: Option<f64>,
}

fn main() {}
