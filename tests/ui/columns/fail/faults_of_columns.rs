use dropgrid::prelude::*;

#[searchable(input = 3)]
struct Mlp {
    #[columns]
    first: Standardize<1>,
    #[columns(age, age)]
    second: Standardize<2>,
    #[columns(..)]
    third: Standardize<2>,
    #[columns(fare, ..)]
    fourth: Standardize<2>,
    #[columns(sex)]
    #[grid(1.0, 2.0)]
    rate: f64,
}

fn main() {}
