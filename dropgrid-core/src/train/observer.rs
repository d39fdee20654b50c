//! The observer of a training, which scores its candidates and keeps its states.

use super::stop::FinishedCandidate;

/// Observes a training of networks `N`.
pub(crate) trait TrainingObserver<N> {
    /// Takes the network of candidates that have stopped: once for all that share the same weights.
    fn finished(&mut self, network: &N, candidates: &[FinishedCandidate<'_>]);

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

/// Keeps the states of one training on one fold, and has one to continue from.
pub(crate) trait StateSink {
    /// The state with the most epochs, but fewer than `below`, to continue from, and its number of epochs.
    ///
    /// The training rejects a damaged state and one of another training, fold or number of epochs, and then asks for the
    /// next one below; trained from the beginning, it has the same bits.
    fn longest(&self, below: usize) -> Option<(usize, Vec<u8>)>;

    /// True where the state after so many epochs is to be kept. Candidates that have stopped there with more epochs to go
    /// are among those that continue from it where it `ends` some.
    fn wants(&self, epochs: usize, ends: bool) -> bool;

    /// The state that is kept after so many epochs.
    fn at(&self, epochs: usize) -> Option<Vec<u8>>;

    /// Keeps a state in place of the one [`at`](Self::at) as many epochs. The training waits for the call to return.
    fn keep(&mut self, epochs: usize, bytes: Vec<u8>, ends: bool);
}
