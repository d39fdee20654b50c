use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[set(p = rate.unwrap_or(0.0))]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[grid(true, false)]
    on: bool,
    #[when(on)]
    #[grid(0.1)]
    rate: f64,
}

fn main() {}
