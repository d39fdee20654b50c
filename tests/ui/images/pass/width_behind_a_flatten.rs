use dropgrid::prelude::*;

#[searchable(input = Rank3<1, 8, 8>)]
struct Digits {
    image: (Conv2D<1, 16, 3>, ReLU, MaxPool2D<2, 2>, Flatten2D),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<144, 10>,
}

fn main() {}
