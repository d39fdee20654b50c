use dropgrid::prelude::*;

#[derive(Row)]
struct Passenger {
    age: Option<f32>,
}

#[searchable(rows = Passenger)]
struct Mlp {
    #[columns(age)]
    scale: Standardize<1>,
    output: Linear<1, 1>,
}

fn main() {}
