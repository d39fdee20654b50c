//! The training step on a program, for networks of dropgrid's own layers.

use dfdx::{nn::tensor_collection::TensorCollection, tensor::Cpu};

use super::{train_step::TrainStep, update::Update};
use crate::{
    data::{Fit, batches::gather_into},
    error::Failure,
    nn::write_back,
    program::{Program, Run},
    recipe::Train,
    seed::Key,
    train::{
        checkpoint::StateCodec,
        loss::{Criterion, TrainTarget},
    },
};

/// A program with its buffers, and the update of its parameters.
pub(in crate::train) struct ProgramStep {
    run: Run,
    update: Update,
}

impl ProgramStep {
    /// The step before the first batch. It allocates all that later steps need.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(in crate::train) fn new<T>(program: Program, recipe: &Train, view: &Fit<'_, T>) -> Result<Self, Failure>
    where
        T: TrainTarget,
    {
        let mut run = Run::new(program, recipe.batch_size.min(view.len()))?;
        let update = Update::new(recipe, run.parameters().0.len(), view.len())?;
        Ok(Self { run, update })
    }
}

impl<T: TrainTarget, N: TensorCollection<f32, Cpu>> TrainStep<N, T> for ProgramStep {
    fn step(
        &mut self,
        _network: &mut N,
        criterion: &mut Criterion<'_, T>,
        rows: &[usize],
        key: Key,
    ) -> Result<f32, Failure> {
        gather_into(self.run.batch(), criterion.data().features(), rows);
        self.run.forward(rows.len(), key.words());
        let (output, gradient) = self.run.output(rows.len());
        let loss = criterion.gradient(output, rows, gradient)?;
        if loss.is_finite() {
            self.run.backward(rows.len());
            let (parameters, gradients) = self.run.parameters();
            self.update.batch(criterion.weight(rows), parameters, gradients);
        }
        Ok(loss)
    }

    fn store(&mut self, network: &mut N) {
        write_back(self.run.program(), self.update.weights(self.run.numbers()), network);
    }

    fn update(&mut self) -> &mut Update {
        &mut self.update
    }

    fn code(&mut self, _network: &mut N, codec: &mut StateCodec<'_>) -> Option<()> {
        // A step changes the buffers of the run, and not the network.
        codec.singles(self.run.parameters().0)?;
        codec.singles(self.run.state())?;
        self.update.code(codec)
    }
}
