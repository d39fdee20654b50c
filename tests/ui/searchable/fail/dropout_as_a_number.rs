use dropgrid::prelude::*;

#[searchable]
struct Bare {
    dropout: f64,
    output: Linear<2, 3>,
}

#[searchable]
struct WithValues {
    #[grid(0.1, 0.2)]
    dropout_rate: f64,
    output: Linear<2, 3>,
}

fn main() {}
