use dropgrid::prelude::*;

#[derive(Row)]
struct Passenger {
    age: Option<f32>,
    fare: f32,
    sex: Sex,
}

#[derive(Category)]
enum Sex {
    Female,
    Male,
}

#[searchable(rows = Passenger)]
struct Mlp {
    #[columns(fare)]
    scale: Standardize<2>,
    output: Linear<2, 1>,
}

fn main() {}
