//! The contract of a training step.

use crate::{
    error::Failure,
    seed::Key,
    train::{
        checkpoint::{StateReader, StateWriter},
        loss::{Criterion, TrainTarget},
    },
};

/// Trains a network batch by batch, and holds the optimizer's state in between.
pub(in crate::train) trait TrainStep<N, T: TrainTarget> {
    /// Takes one step on `rows` with noise from `key`, and returns the batch's mean loss before the step. A loss that
    /// is not finite changes no parameter.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory; [`Failure::Untrained`].
    fn step(
        &mut self,
        network: &mut N,
        criterion: &mut Criterion<'_, T>,
        rows: &[usize],
        key: Key,
    ) -> Result<f32, Failure>;

    /// Writes the weights to score and keep into `network`: the trained ones or their moving average. The next step
    /// continues from the trained ones, whatever the network holds by then.
    fn store(&mut self, network: &mut N);

    /// Checks that the steps so far have reached every trainable tensor.
    ///
    /// # Errors
    /// [`Failure::Untrained`].
    fn check_reach(&self, _network: &N) -> Result<(), Failure> {
        Ok(())
    }

    /// The learning rate of the next step.
    fn lr(&self) -> f64;

    /// Sets the base learning rate of the schedule from the next step on.
    fn set_lr(&mut self, lr: f64);

    /// Writes the state after an epoch: the network's untrained tensors, its parameters, and the optimizer's state.
    fn write(&self, network: &N, to: &mut StateWriter);

    /// Reads the state that [`write`](Self::write) wrote; the training then continues with the same bits. Returns
    /// `None` for the state of another training, after which neither the step nor the network is usable.
    fn read(&mut self, network: &mut N, from: &mut StateReader<'_>) -> Option<()>;
}
