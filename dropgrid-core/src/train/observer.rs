//! The observer of a training, which scores its candidates and keeps its states.

use super::stop::FinishedCandidate;
use crate::error::Failure;

/// Observes a training of networks `N`.
pub(crate) trait TrainingObserver<N> {
    /// Takes the network of candidates that have stopped: once for all that share the same weights.
    fn finished(&mut self, network: &N, candidates: &[FinishedCandidate<'_>]);

    /// Takes candidates that have stopped and failed, while others go on.
    fn failed(&mut self, _candidates: &[FinishedCandidate<'_>], _failure: &Failure) {}

    /// The sink of the training's states; `None` where no state is kept and the training begins with its first epoch.
    fn states(&mut self) -> Option<&mut dyn StateSink> {
        None
    }
}

/// A closure observes candidates that have stopped.
impl<N, F: FnMut(&N, &[FinishedCandidate<'_>])> TrainingObserver<N> for F {
    fn finished(&mut self, network: &N, candidates: &[FinishedCandidate<'_>]) {
        self(network, candidates);
    }
}

/// The states of one training on one fold: the earlier ones to continue from, and a place for new ones.
pub(crate) trait StateSink {
    /// The state with the most epochs, but fewer than `below`, to continue from, and its number of epochs.
    ///
    /// The training rejects a damaged state and one of another training, fold or number of epochs, and then asks for the
    /// next one below; trained from the beginning, it has the same bits.
    fn longest(&self, below: usize) -> Option<(usize, Vec<u8>)>;

    /// True where the state after so many epochs is to be kept. It `ends` some candidates where these have stopped for want
    /// of epochs: with more of them, they continue from it.
    fn wants(&self, epochs: usize, ends: bool) -> bool;

    /// Keeps a state. The training waits for the call to return.
    fn keep(&mut self, epochs: usize, bytes: Vec<u8>, ends: bool);
}
