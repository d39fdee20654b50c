use dropgrid::prelude::*;

#[searchable(input = Rank3<1, 8, 8>)]
struct Digits {
    image: (Conv2D<1, 16, 3>, ReLU),
    #[grid(0.1, 0.2)]
    dropout: Dropout2D,
    pool: (MaxPool2D<7>, Flatten2D),
    output: Linear<16, 10>,
}

fn main() {}
