use dropgrid::prelude::*;

#[searchable(input = 3)]
struct Mlp {
    #[columns(age)]
    scale: Standardize<1>,
    #[columns("Pclass", ..)]
    rest: Standardize<2>,
}

fn main() {}
