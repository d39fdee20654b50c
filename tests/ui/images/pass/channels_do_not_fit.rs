use dropgrid::prelude::*;

#[searchable(input = Rank3<1, 8, 8>)]
struct Digits {
    first: (Conv2D<1, 16, 3>, ReLU),
    second: (Conv2D<16, 32, 3>, ReLU, AvgPoolGlobal),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<32, 10>,
}

fn main() {}
