use dropgrid::prelude::*;

#[searchable]
struct Digits {
    image: (Conv2D<1, 16, 3>, ReLU, AvgPoolGlobal),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<16, 10>,
}

fn main() {}
