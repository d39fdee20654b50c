use dropgrid::prelude::*;

#[derive(Row)]
struct Passenger {
    sex: Sex,
}

#[derive(Category)]
enum Sex {
    Female,
    Male,
}

#[searchable(rows = Passenger)]
struct Mlp {
    #[columns(sex)]
    scale: Standardize<1>,
    output: Linear<1, 1>,
}

fn main() {}
