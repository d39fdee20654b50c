//! The traits of a training step.

use super::update::Update;
use crate::{
    data::Fit,
    error::Failure,
    nn::Parts,
    recipe::Train,
    seed::Key,
    train::{
        checkpoint::StateCodec,
        erased_network::ErasedNetwork,
        loss::{Criterion, TrainTarget},
    },
};

/// A backend that trains networks on targets `T`. A network is compiled for one of the two backends.
pub(crate) trait TrainingBackend<T: TrainTarget>: Sync {
    /// Makes the step before the first batch of `network`. It allocates everything that later steps need.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out; [`Failure::Untrained`]; [`Failure::Build`] for a network of the other
    /// backend.
    fn begin(
        &self,
        network: &dyn ErasedNetwork<T::Output>,
        recipe: &Train,
        view: &Fit<'_, T>,
    ) -> Result<Box<dyn TrainStep<T>>, Failure>;
}

/// Trains a network batch by batch, and holds the optimizer's state in between.
pub(crate) trait TrainStep<T: TrainTarget> {
    /// Takes one step on `rows` with noise from `key`, and returns the batch's mean loss before the step. A loss that
    /// is not finite changes no parameter.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out; [`Failure::Untrained`].
    fn step(
        &mut self,
        network: &mut dyn ErasedNetwork<T::Output>,
        criterion: &mut Criterion<'_, T>,
        rows: &[usize],
        key: Key,
    ) -> Result<f32, Failure>;

    /// Writes the weights to score and save into `network`: the trained weights or their moving average. The next step
    /// continues from the trained weights, whatever the network then holds.
    fn store(&mut self, network: &mut dyn Parts);

    /// Checks that the steps so far have reached every trainable tensor.
    ///
    /// # Errors
    /// [`Failure::Untrained`].
    fn check_reach(&self, _network: &dyn Parts) -> Result<(), Failure> {
        Ok(())
    }

    /// Returns the update of the parameters, which has the learning rate of the next step.
    fn update(&mut self) -> &mut Update;

    /// Writes or reads the state after an epoch: the network's untrained tensors, its parameters, and the optimizer's
    /// state. After reading, the training continues with the same bits. Returns `None` for the state of another
    /// training, after which neither the step nor the network is usable. Writing does not change the network.
    fn code(&mut self, network: &mut dyn Parts, codec: &mut StateCodec<'_>) -> Option<()>;
}
