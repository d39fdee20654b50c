//! A page that predicts a drawn digit, in a browser and without a server: `./make` builds it from this crate.
//!
//! The crate has the model, the cells of a drawing, and functions of numbers that the page calls. These need no generated code
//! between JavaScript and WebAssembly, and no memory that both write to.

mod drawing;
pub mod exports;

use dropgrid::prelude::*;

pub use drawing::Drawing;

/// The cells of a digit: 8 by 8 counts of ink from 0 to 16, row by row, as scikit-learn's digits have them.
pub type Cells = [f32; 64];

/// A small convolutional network, which learns to see through noise of a cell or two.
#[searchable(input = Rank3<1, 8, 8>)]
pub struct Reader {
    #[grid(0.5, 2.0)]
    noise: GaussianNoise,
    first: (Conv2D<1, 16, 3, 1, 1>, ReLU),
    second: (Conv2D<16, 32, 3>, ReLU, MaxPool2D<2, 2>, Flatten2D),
    #[grid(0.2, 0.4)]
    dropout: Dropout,
    output: Linear<288, 10>,
}

/// The trained model, whose file `./make train` writes.
///
/// # Errors
/// Those of [`Fitted::from_bytes`].
pub fn trained() -> dropgrid::Result<Fitted<Reader, Classes<10>>> {
    Fitted::from_bytes(include_bytes!("../digits.safetensors"))
}
