use dropgrid::prelude::*;

#[searchable(input = Rank3<1, 8, 8>)]
struct Digits {
    image: Conv2D<1, 16, 3>,
    pool: AvgPoolGlobal,
    output: Linear<16, 10>,
}

fn main() {}
