//! The observer of a training, which scores its candidates and keeps its states.

use super::{erased_network::ErasedNetwork, stop::FinishedCandidate};
use crate::{data::batches::Sample, error::Failure, record::Curve};

/// Observes a training on one fold, of a network with samples of output of the shape `O`. By default no state is kept, and the
/// training begins with its first epoch.
pub(crate) trait TrainingObserver<O: Sample> {
    /// Takes the network of candidates that have stopped: once for all that share the same weights. The curve has all epochs
    /// of the training so far.
    fn finished(&mut self, network: &dyn ErasedNetwork<O>, candidates: &[FinishedCandidate<'_>], curve: &Curve);

    /// Takes candidates that have stopped and failed, while others go on.
    fn failed(&mut self, _candidates: &[FinishedCandidate<'_>], _curve: &Curve, _failure: &Failure) {}

    /// The earlier state with the most epochs, but fewer than `below`, to continue from, and its number of epochs.
    ///
    /// The training rejects a damaged state and one of another training, fold or number of epochs, and then asks for the
    /// next one below; trained from the beginning, it has the same bits.
    fn longest_state(&self, _below: usize) -> Option<(usize, Vec<u8>)> {
        None
    }

    /// True where the state after so many epochs is to be kept. It `ends` some candidates where these have stopped for want
    /// of epochs: with more of them, they continue from it.
    fn wants_state(&self, _epochs: usize, _ends: bool) -> bool {
        false
    }

    /// Keeps a state. The training waits for the call to return.
    fn keep_state(&mut self, _epochs: usize, _bytes: Vec<u8>, _ends: bool) {}
}

/// Looks at nothing.
impl<O: Sample> TrainingObserver<O> for () {
    fn finished(&mut self, _: &dyn ErasedNetwork<O>, _: &[FinishedCandidate<'_>], _: &Curve) {}
}
