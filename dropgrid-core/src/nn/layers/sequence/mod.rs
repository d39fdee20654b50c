//! Layers for sequences. A sample has the axes steps and channels: (T, C).

mod by_program;
mod conv1d;
mod embedding;
mod global_average;
mod multi_head_attention;
mod passes;
mod pool1d;
mod positional_encoding;
mod recurrent;
mod tensor_ops;
mod times;
mod transformer_encoder;

pub use conv1d::{Conv1D, StepKernels};
pub use embedding::Embedding;
pub use global_average::GlobalAverage;
pub use multi_head_attention::MultiHeadAttention;
pub use pool1d::{AvgPool1D, MaxPool1D};
pub use positional_encoding::PositionalEncoding;
pub use recurrent::{
    AllStates, Bidirectional, DirectionWeights, Directions, GatedUnit, Gru, LastState, Lstm, LstmCell, OneWay,
    Recurrent, RecurrentCell, States,
};
pub use times::Times;
pub use transformer_encoder::TransformerEncoder;

/// Declarations of layers whose declared type differs from the built type.
pub(in crate::nn) mod builder {
    pub use super::{
        conv1d::builder::Conv1D,
        embedding::builder::Embedding,
        multi_head_attention::builder::MultiHeadAttention,
        recurrent::builder::{Gru, Lstm},
        transformer_encoder::builder::TransformerEncoder,
    };
}
