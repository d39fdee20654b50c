//! The layers of dropgrid, and the implementations of the [contract](super::contract) for layers of dfdx.

mod activation;
mod containers;
mod conv2d;
mod dfdx_layers;
mod dropout;
mod flatten2d;
mod identity;
mod images;
mod linear;
#[cfg(test)]
pub(super) mod list;
mod noise;
mod normal;
mod percentile;
mod pool2d;
mod prelu;
mod present;
mod reshape;
mod same_shape;
mod scale;
mod sequence;
mod single_setting;
mod steps;
mod uniform;
mod weight_norm;

pub use activation::{AccurateGeLU, ELU, LeakyReLU, Mish, ReLU, SELU, SiLU};
pub use conv2d::{Conv2D, Kernels, PerGroup};
pub use dropout::{Dropout, DropoutOneIn, dropout_mask};
pub use flatten2d::Flatten2D;
pub use identity::Identity;
pub use linear::Linear;
pub use noise::{AlphaDropout, Dropout2D, GaussianDropout, GaussianNoise, SpatialDropout1D};
pub use pool2d::{AvgPool2D, MaxPool2D, MaxPoolGlobal};
pub use prelu::{PReLU, PReLU1D};
pub use reshape::Reshape;
pub use scale::{MinMax, Standardize};
pub use sequence::{
    AllStates, AvgPool1D, Bidirectional, Conv1D, DirectionWeights, Directions, Embedding, GatedUnit, GlobalAverage,
    Gru, LastState, Lstm, LstmCell, MaxPool1D, MultiHeadAttention, OneWay, PositionalEncoding, Recurrent,
    RecurrentCell, States, StepKernels, Times, TransformerEncoder,
};
pub use steps::{
    Constant, DropFirst, DropIfBinary, Embed, Fill, GroupInfrequent, Impute, MaxAbs, Mean, Median, MostFrequent,
    Normal, OneHot, Ordinal, OutputDistribution, OwnCategory, PerColumn, PowerTransform, QuantileTransform, Refusal,
    RobustScale, Uniform, UnknownRule, WithIndicator, Zeros,
};
pub use weight_norm::WeightNorm;

/// Declarations of layers whose declared type differs from the built type.
pub(super) mod builder {
    pub use super::{
        conv2d::builder::Conv2D,
        linear::builder::Linear,
        prelu::builder::{PReLU, PReLU1D},
        scale::builder::{MinMax, Standardize},
        sequence::builder::{Conv1D, Embedding, Gru, Lstm, MultiHeadAttention, TransformerEncoder},
        steps::builder::{
            Embed, GroupInfrequent, Impute, MaxAbs, Ordinal, PerColumn, PowerTransform, QuantileTransform, RobustScale,
            WithIndicator,
        },
        weight_norm::builder::WeightNorm,
    };
}
