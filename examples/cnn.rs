//! A small convolutional network on the digits of scikit-learn as images of 8 by 8, on the folds of `quickstart`: how
//! many channels, how much dropout, and whether to drop whole channels.
//!
//! `cargo run --release --example cnn`

use dropgrid::prelude::*;

/// Two convolutions, a pooling and a dense layer. What the first convolution gives is searched; shapes follow by
/// themselves: 8 x 8, 8 x 8, 6 x 6, 3 x 3, and 32 channels of those are 288 numbers.
#[searchable(input = Rank3<1, 8, 8>)]
pub struct Cnn<#[grid(16, 32)] const CHANNELS: usize> {
    first: (Conv2D<1, CHANNELS, 3, 1, 1>, ReLU),
    #[grid(0.0, 0.1)]
    channel_dropout: Dropout2D,
    second: (Conv2D<CHANNELS, 32, 3>, ReLU, MaxPool2D<2, 2>, Flatten2D),
    #[grid(0.2, 0.4)]
    dropout: Dropout,
    output: Linear<288, 10>,
}

fn main() -> dropgrid::Result<()> {
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let report = Cnn::search(Grid)
        .cv(StratifiedKFold::new(5).shuffle())
        .scoring((Accuracy, LogLoss))
        .train(Train::adam(2e-3).epochs(20).batch_size(32))
        .seed(42)
        .fit(&digits)?;
    println!("{report}");
    Ok(())
}
