use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[columns(age, fare)]
    hidden: Linear<2, 8>,
    output: Linear<8, 1>,
}

fn main() {}
