use dropgrid::prelude::*;

#[derive(Row)]
struct Passenger {
    fare: f32,
}

#[searchable(rows = Passenger)]
struct Mlp {
    #[columns(fare)]
    scale: Standardize<2>,
    output: Linear<2, 1>,
}

fn main() {}
