//! CheckpointSink: the state of a training as bytes, the tensors of a network in it, and the store that keeps states.

mod sink;
mod snapshot;
mod state;
mod tensors;

pub(crate) use sink::CheckpointSink;
pub(in crate::train) use snapshot::Snapshot;
pub(crate) use state::is_intact;
pub(in crate::train) use state::{StateReader, StateWriter};
pub(in crate::train) use tensors::{TensorChoice, read_tensors, write_tensors};
