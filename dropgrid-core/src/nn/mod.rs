//! Layers of dropgrid and the traits that they implement beside those of dfdx.
//!
//! The traits cover hyperparameters, the input shape, the [program](crate::program) of a training step and the export
//! to ONNX.
//!
//! A network trains as a program if every layer of it implements [`Lower`], and on dfdx's tape otherwise. Both compute
//! the same losses; a program takes between a fifth and a half of the time. Predictions use the same path as training.
//!
//! An axis on a field searches the [`Tunable`] hyperparameter of its layer. An axis with a name searches one of the
//! layer's [`Settings`]. `#[set]` gives a setting a constant or a value computed from other
//! hyperparameters.
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
//! | `Conv1D` | program | | |
//! | `MaxPool1D` | program | | |
//! | `AvgPool1D` | program | | |
//! | `GlobalAverage` | program | | |
//! | `Embedding` | program | | |
//! | `PositionalEncoding` | program | | |
//! | `Lstm` | program | rate: [0, 1) | `p`: [0, 1) |
//! | `Gru` | program | rate: [0, 1) | `p`: [0, 1) |
//! | `MultiHeadAttention` | program | rate: [0, 1) | `p`: [0, 1) |
//! | `TransformerEncoder` | program | rate: [0, 1) | `p`: [0, 1) |
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
//! A sequence has the axes steps and channels, in this order. `Linear`, `LayerNorm1D`, the activations and the dropouts
//! also take sequences. `Linear` and `LayerNorm1D` treat each step alone. `#[searchable(input = Rank2<24, 3>)]` reads
//! rows of 72 numbers as 24 steps of 3 channels.
//!
//! Every layer can be exported, see [`Export`].
//!
//! Tuples, `Residual`, `GeneralizedResidual`, `Repeated` and models train as programs if all their layers do. `AddInto`
//! and `SplitInto` train on the tape. An axis on a `Residual` or a `Repeated` searches the layer inside it, in every
//! repetition. An axis on a tuple searches the last layer of the tuple: `#[grid(0.0, 0.3)] body: Repeated<(Linear<64,
//! 64>, ReLU, Dropout), DEPTH>`. [`Standardize`] and [`MinMax`] must be the first layer of a network, see
//! [`Preprocess`].
//!
//! Fields with `#[columns(..)]` prepare columns of the data, see [`ColumnLayer`]. Each holds a [`Step`] or a tuple of
//! steps. The last layer of the tuple may be an [`Embed`]:
//!
//! | step | columns to numbers | cells | searched or set by name |
//! |---|---|---|---|
//! | `Impute<N>`, `Impute<N, Median>` | N to N | numbers, missing ones too | |
//! | `Impute<N, MostFrequent>` | N to N | numbers or categories, missing ones too | |
//! | `Impute<N, Constant>` | N to N | numbers or categories, missing ones too | `value`: the finite numbers |
//! | `Impute<N, OwnCategory<C>>` | N to N | C categories, missing ones too; gives C + 1 | |
//! | `GroupInfrequent<C>` | 1 to 1 | C categories, missing and unknown ones too; gives C + 1 | `min_frequency`: the numbers from 0 |
//! | `WithIndicator<Impute<N, ..>>` | N to 2 N | numbers, missing ones too | those of the `Impute` |
//! | `Standardize<N>` | N to N | numbers | |
//! | `MinMax<N>` | N to N | numbers | `low`: the finite numbers; `high`: the finite numbers |
//! | `MaxAbs<N>` | N to N | numbers | |
//! | `RobustScale<N>` | N to N | numbers | `low`: [0, 100]; `high`: [0, 100] |
//! | `PowerTransform<N>` | N to N | numbers | |
//! | `QuantileTransform<N>`, `QuantileTransform<N, Normal>` | N to N | numbers | |
//! | `OneHot<C>` | 1 to C | C categories | |
//! | `OneHot<C, Zeros>` | 1 to C | C categories, unknown ones too | |
//! | `DropFirst<OneHot<C, ..>>` | 1 to C - 1 | those of the `OneHot` | |
//! | `DropIfBinary<OneHot<C, ..>>` | 1 to 1 where C is 2, else to C | those of the `OneHot` | |
//! | `Ordinal<C>` | 1 to 1 | C categories | |
//! | `Ordinal<C, Constant>` | 1 to 1 | C categories, unknown ones too | `value`: the finite numbers |
//! | `Embed<C, W>` | 1 to W, trained | C categories | |
//!
//! [`PerColumn`] applies a different layer to each column: `#[columns(sex, deck)] codes: PerColumn<(OneHot<2>,
//! OneHot<8>)>`. A setting of a step in a tuple is searched by the same name as that of a single step: `#[grid(low:
//! 5.0, 25.0)] #[columns(fare)] fare: (Impute<1>, RobustScale<1>)`. The steps for numbers and `Ordinal` leave missing
//! cells missing, so an `Impute` may come before or after them.

pub mod check;
#[doc(hidden)]
pub mod columns;
mod contract;
mod layers;
pub mod size;
mod tensor;
#[cfg(test)]
mod tests;

/// The library of the networks with its release, which the manifest asks for exactly.
#[cfg(feature = "search")]
pub(crate) const DFDX: &str = "dfdx 0.13.0";

pub use crate::program::Transform;
pub use contract::{
    CellKind, Cells, ColumnCells, ColumnLayer, Export, ExportFn, Exports, FitStatistics, FixesInput, InputCodes,
    InputShape, Lower, LowerColumns, NoCodes, NoExport, NoStatistics, PositionIndependent, Preprocess, Range, Seq,
    SeqEnd, SettingTable, Settings, SettingsLayer, SettingsSpec, Statistics, Step, TakesCodes, TakesInput, Tunable,
    TunableLayer, TunableSpec, column_settings_spec, export_layer, range_of,
};
pub(crate) use contract::{evaluation_program, program, write_back};
pub use layers::{
    AccurateGeLU, AllStates, AlphaDropout, AvgPool1D, AvgPool2D, Bidirectional, Constant, Conv1D, Conv2D,
    DirectionWeights, Directions, DropFirst, DropIfBinary, Dropout, Dropout2D, DropoutOneIn, ELU, Embed, Embedding,
    Fill, Flatten2D, GatedUnit, GaussianDropout, GaussianNoise, GlobalAverage, GroupInfrequent, Gru, Identity, Impute,
    Kernels, LastState, LeakyReLU, Linear, Lstm, LstmCell, MaxAbs, MaxPool1D, MaxPool2D, MaxPoolGlobal, Mean, Median,
    MinMax, Mish, MostFrequent, MultiHeadAttention, Normal, OneHot, OneWay, Ordinal, OutputDistribution, OwnCategory,
    PReLU, PReLU1D, PerColumn, PerGroup, PositionalEncoding, PowerTransform, QuantileTransform, ReLU, Recurrent,
    RecurrentCell, Refusal, Reshape, RobustScale, SELU, SiLU, SpatialDropout1D, Standardize, States, StepKernels,
    Times, TransformerEncoder, Uniform, UnknownRule, WeightNorm, WithIndicator, Zeros, dropout_mask,
};
pub use tensor::Double;
pub(crate) use tensor::{
    AnyTensor, Part, Parts, Read, Setting, Write, each_part, each_part_mut, each_tensor, each_tensor_mut, settings,
};

/// Layer declarations for structs under `#[searchable]`, without device and number type. Layers of dfdx that dropgrid
/// does not replace are reexported.
pub mod builder {
    pub use dfdx::nn::builders::{
        Abs, AddInto, AvgPoolGlobal, BatchNorm1D, BatchNorm2D, Bias2D, Cos, Exp, FastGeLU, GeneralizedResidual,
        LayerNorm1D, Ln, LogSoftmax, Repeated, Residual, Sigmoid, Sin, Softmax, SplitInto, Sqrt, Square, Tanh,
        UnbiasedLinear,
    };

    pub use super::{
        AccurateGeLU, AllStates, AlphaDropout, AvgPool1D, AvgPool2D, Bidirectional, Constant, DropFirst, DropIfBinary,
        Dropout, Dropout2D, DropoutOneIn, ELU, Flatten2D, GaussianDropout, GaussianNoise, GlobalAverage, Identity,
        LastState, LeakyReLU, MaxPool1D, MaxPool2D, MaxPoolGlobal, Mean, Median, Mish, MostFrequent, Normal, OneHot,
        OneWay, OwnCategory, PositionalEncoding, ReLU, Refusal, Reshape, SELU, SiLU, SpatialDropout1D, Uniform, Zeros,
        layers::builder::{
            Conv1D, Conv2D, Embed, Embedding, GroupInfrequent, Gru, Impute, Linear, Lstm, MaxAbs, MinMax,
            MultiHeadAttention, Ordinal, PReLU, PReLU1D, PerColumn, PowerTransform, QuantileTransform, RobustScale,
            Standardize, TransformerEncoder, WeightNorm, WithIndicator,
        },
    };
}
