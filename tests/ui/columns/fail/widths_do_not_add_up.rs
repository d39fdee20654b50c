use dropgrid::prelude::*;

#[derive(Row)]
struct Passenger {
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
    scale: Standardize<1>,
    #[columns(sex)]
    sex: OneHot<2>,
    hidden: (Linear<4, 8>, ReLU),
    output: Linear<8, 1>,
}

fn main() {}
