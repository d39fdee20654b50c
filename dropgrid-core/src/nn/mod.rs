//! Layers: dropgrid's own, and what it must know of any layer beyond dfdx's traits: what can be tuned on it, what input
//! it fixes, and how a training step runs it.
//!
//! A network trains as a [program](crate::program) where every layer can ([`Lower`]), and on dfdx's tape otherwise: both
//! learn the same, the first in a half to a fifth of the time. The number of a layer that an axis on its field searches
//! is its [`Tunable`]; the numbers that one is searched by its name, or tied to others by `#[set]`, are its [`Settings`].
//!
//! | layer | trains as | searched | searched or set by name |
//! |---|---|---|---|
//! | `Linear` | program | | |
//! | `Conv2D` | program | | |
//! | `MaxPool2D` | program | | |
//! | `AvgPool2D` | program | | |
//! | `MaxPoolGlobal` | program | | |
//! | `AvgPoolGlobal` | program | | |
//! | `Flatten2D` | program | | |
//! | `WeightNorm<Linear>` | program | | |
//! | `Standardize` | program | | |
//! | `MinMax` | program | | `low`: the finite numbers; `high`: the finite numbers |
//! | `Dropout` | program | rate: [0, 1) | `p`: [0, 1) |
//! | `Dropout2D` | program | rate: [0, 1) | `p`: [0, 1) |
//! | `SpatialDropout1D` | program | rate: [0, 1) | `p`: [0, 1) |
//! | `GaussianDropout` | program | rate: [0, 1) | `p`: [0, 1) |
//! | `AlphaDropout` | program | rate: [0, 1) | `p`: [0, 1) |
//! | `GaussianNoise` | program | standard deviation: the numbers from 0 | `stddev`: the numbers from 0 |
//! | `ELU` | program | alpha: the finite numbers | `alpha`: the finite numbers |
//! | `SELU` | program | | |
//! | `SiLU` | program | | |
//! | `Mish` | program | | |
//! | `LayerNorm1D` | program | | `epsilon`: the numbers above 0 |
//! | `BatchNorm1D` | program | | `momentum`: [0, 1]; `epsilon`: the numbers above 0 |
//! | `BatchNorm2D` | program | | `momentum`: [0, 1]; `epsilon`: the numbers above 0 |
//! | `DropoutOneIn` | program | | |
//! | `ReLU` | program | | |
//! | `LeakyReLU` | program | slope: the finite numbers | `slope`: the finite numbers |
//! | `FastGeLU` | program | | |
//! | `Tanh` | program | | |
//! | `Sigmoid` | program | | |
//! | `Square` | program | | |
//! | `Abs` | program | | |
//! | `AccurateGeLU` | program | | |
//! | `PReLU` | program | | |
//! | `PReLU1D` | program | | |
//! | `Identity` | program | | |
//! | `Reshape` | program | | |
//! | `Softmax` | tape | | |
//! | `LogSoftmax` | tape | | |
//! | `Cos` | tape | | |
//! | `Exp` | tape | | |
//! | `Ln` | tape | | |
//! | `Sin` | tape | | |
//! | `Sqrt` | tape | | |
//! | `UnbiasedLinear` | tape | | |
//! | `Bias2D` | tape | | |
//!
//! Tuples, `Residual`, `GeneralizedResidual`, `Repeated` and models are programs where all of their layers are; `AddInto`
//! and `SplitInto` train on the tape. [`Standardize`] and [`MinMax`] stand at the head of a network: see [`Preprocess`].

mod activation;
mod avg_pool2d;
pub mod constant;
mod conv2d;
mod dropout;
mod flatten2d;
#[cfg(test)]
mod golden;
mod identity;
mod images;
mod input;
mod linear;
mod lower;
mod max_pool2d;
mod max_pool_global;
mod noise;
mod on_slices;
mod pool2d;
mod prelu;
mod preprocess;
mod range;
mod reshape;
mod scale;
pub mod seam;
mod searched;
mod settings;
pub mod size;
#[cfg(test)]
mod table;
mod tensors;
#[cfg(test)]
mod tests;
mod tunable;
mod walk;
mod weight_norm;

pub use activation::{AccurateGeLU, ELU, LeakyReLU, Mish, ReLU, SELU, SiLU};
pub use avg_pool2d::AvgPool2D;
pub use conv2d::{Conv2D, Kernels, PerGroup};
pub use dropout::{Dropout, DropoutOneIn, dropout_mask};
pub use flatten2d::Flatten2D;
pub use identity::Identity;
pub use input::{End, InputShape, Seq, TakesInput};
pub use linear::Linear;
pub use lower::Lower;
pub(crate) use lower::{program, write_back};
pub use max_pool_global::MaxPoolGlobal;
pub use max_pool2d::MaxPool2D;
pub use noise::{AlphaDropout, Dropout2D, GaussianDropout, GaussianNoise, SpatialDropout1D};
pub use prelu::{PReLU, PReLU1D};
pub use preprocess::{Anywhere, Fitting, NoStatistics, Preprocess, Statistics};
pub use range::Range;
pub use reshape::Reshape;
pub use scale::{MinMax, Standardize};
pub use searched::{Named, Tuned, named, tuned};
pub(crate) use settings::{Setting, settings};
pub use tunable::{Settings, Tunable, range_of};
pub(crate) use walk::{AnyTensor, Part, each_part, each_part_mut, each_tensor, each_tensor_mut};
pub use weight_norm::WeightNorm;

/// How layers are declared: what stands in a struct under `#[searchable]`, without device and number type.
pub mod builder {
    pub use super::{
        conv2d::builder::Conv2D,
        linear::builder::Linear,
        prelu::builder::{PReLU, PReLU1D},
        scale::builder::{MinMax, Standardize},
        weight_norm::builder::WeightNorm,
    };
}
