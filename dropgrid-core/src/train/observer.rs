//! The observer of a training, which scores its candidates and saves its states.

use super::{erased_network::ErasedNetwork, stop::FinishedCandidate};
use crate::{data::batches::Sample, error::Failure, record::Curve};

/// Observes a training on one fold. `O` is the shape of one sample of the network's output. By default no state is
/// saved, and the training starts with its first epoch.
pub(crate) trait TrainingObserver<O: Sample> {
    /// Receives the network of candidates that have stopped. It is called once for all that share the same weights. The
    /// curve has all epochs of the training so far.
    fn finished(&mut self, network: &dyn ErasedNetwork<O>, candidates: &[FinishedCandidate<'_>], curve: &Curve);

    /// Receives candidates that have stopped and failed while others continue.
    fn failed(&mut self, _candidates: &[FinishedCandidate<'_>], _curve: &Curve, _failure: &Failure) {}

    /// Returns the number of epochs and the bytes of the longest earlier state with fewer than `below` epochs; `None`
    /// if there is none.
    ///
    /// The training rejects a state that is damaged or of another training, fold or number of epochs, and then asks for
    /// the next shorter one. If it starts from the beginning, it has the same bits.
    fn longest_state(&self, _below: usize) -> Option<(usize, Vec<u8>)> {
        None
    }

    /// Returns true if the state after `epochs` epochs should be saved. `ends` is true if some candidates stop here
    /// only because they reached their last epoch: with more epochs, they could continue from the state.
    fn wants_state(&self, _epochs: usize, _ends: bool) -> bool {
        false
    }

    /// Saves a state. The training waits for the call to return.
    fn keep_state(&mut self, _epochs: usize, _bytes: Vec<u8>, _ends: bool) {}
}

/// An observer that ignores everything.
impl<O: Sample> TrainingObserver<O> for () {
    fn finished(&mut self, _: &dyn ErasedNetwork<O>, _: &[FinishedCandidate<'_>], _: &Curve) {}
}
