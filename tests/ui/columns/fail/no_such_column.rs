use dropgrid::prelude::*;

#[derive(Row)]
struct Passenger {
    fare: f32,
}

#[searchable(rows = Passenger)]
struct Mlp {
    #[columns(fair)]
    scale: Standardize<1>,
    output: Linear<1, 1>,
}

fn main() {}
