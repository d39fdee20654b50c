//! The training step on a program, for networks of dropgrid's own layers.

use dfdx::{nn::tensor_collection::TensorCollection, tensor::Cpu};

use super::{
    reach::check_program,
    train_step::{TrainStep, TrainingBackend},
    update::Update,
};
use crate::{
    data::{Fit, batches::gather_into},
    error::Failure,
    model::Network,
    nn::write_back,
    program::Run,
    recipe::Train,
    seed::Key,
    train::{
        backend::ProgramBackend,
        checkpoint::StateCodec,
        loss::{Criterion, TrainTarget},
    },
};

/// A program with its buffers, and the update of its parameters.
pub(crate) struct ProgramStep {
    run: Run,
    update: Update,
}

impl<T: TrainTarget, N: Network<Output = T::Output>> TrainingBackend<N, T> for ProgramBackend<N> {
    type Step = ProgramStep;

    fn begin(&self, network: &N, recipe: &Train, view: &Fit<'_, T>) -> Result<ProgramStep, Failure> {
        let program = self.0(network);
        check_program(network, &program)?;
        let mut run = Run::new(program, recipe.batch_size.min(view.len()))?;
        let update = Update::new(recipe, run.parameters().0.len(), view.len())?;
        Ok(ProgramStep { run, update })
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
