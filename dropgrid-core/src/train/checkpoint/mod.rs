//! The state of a training as bytes, and the tensors of a network in it.

mod snapshot;
mod state;
mod tensors;

pub(in crate::train) use snapshot::Snapshot;
pub(in crate::train) use state::StateCodec;
pub(crate) use state::is_intact;
pub(in crate::train) use tensors::{TensorChoice, code_tensors};
