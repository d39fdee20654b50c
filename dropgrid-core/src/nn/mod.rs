//! Layers: dropgrid's own, and what it must know of any layer beyond dfdx's traits: what can be tuned on it, what input
//! it fixes, and how a training step runs it.

mod activation;
pub mod constant;
mod dropout;
mod input;
mod linear;
mod lower;
mod noise;
mod on_slices;
mod preprocess;
mod range;
mod scale;
pub mod seam;
mod searched;
mod tensors;
#[cfg(test)]
mod tests;
mod tunable;

pub use activation::{ELU, Mish, SELU, SiLU};
pub use dropout::{Dropout, dropout_mask};
pub use input::{End, InputShape, Seq, TakesInput};
pub use linear::Linear;
pub use lower::Lower;
pub(crate) use lower::{program, write_back};
pub use noise::{AlphaDropout, Dropout2D, GaussianDropout, GaussianNoise, SpatialDropout1D};
pub use preprocess::{Anywhere, Fitting, NoStatistics, Preprocess, Statistics};
pub use range::Range;
pub use scale::{MinMax, Standardize};
pub use searched::{Named, Tuned, named, tuned};
pub(crate) use tensors::numbers;
pub use tunable::{Settings, Tunable, range_of};

/// How layers are declared: what stands in a struct under `#[searchable]`, without device and number type.
pub mod builder {
    pub use super::{
        linear::builder::Linear,
        scale::builder::{MinMax, Standardize},
    };
}
