use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 1>,
    #[columns(age)]
    scale: Standardize<1>,
    output: Linear<1, 1>,
}

fn main() {}
