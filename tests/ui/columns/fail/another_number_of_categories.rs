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
    sex: OneHot<3>,
    output: Linear<3, 1>,
}

fn main() {}
