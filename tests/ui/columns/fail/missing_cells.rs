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
    #[columns(age)]
    scale: Standardize<1>,
    output: Linear<1, 1>,
}

fn main() {}
