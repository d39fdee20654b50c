use dropgrid::prelude::*;

#[searchable(input = Rank3<1, 4, 4>)]
struct Digits {
    image: (Conv2D<1, 16, 5, 1, 1>, ReLU, AvgPoolGlobal),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<16, 10>,
}

fn main() {}
