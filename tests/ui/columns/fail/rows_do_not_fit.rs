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

#[derive(Row)]
struct Flower {
    length: f32,
    width: f32,
}

#[searchable(rows = Flower)]
struct Wide {
    output: Linear<3, 1>,
}

#[searchable(rows = Passenger)]
struct NotNamed {
    #[columns(fare)]
    scale: Standardize<1>,
    output: Linear<1, 1>,
}

#[searchable(rows = Passenger)]
struct Rest {
    #[columns(..)]
    scale: Standardize<3>,
    output: Linear<3, 1>,
}

fn main() {}
