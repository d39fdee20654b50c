use dropgrid::prelude::*;

#[searchable]
struct Digits {
    image: Conv2D<1, 16, 3>,
    pool: AvgPoolGlobal,
    output: Linear<16, 10>,
}

fn main() {}
