//! The training step on a program, for networks of dropgrid's own layers.

use super::{
    reach::check_program,
    train_step::{TrainStep, TrainingBackend},
    update::Update,
};
use crate::{
    data::{Fit, batches::gather_into},
    error::Failure,
    nn::{Parts, write_back},
    program::{Program, Run},
    recipe::Train,
    seed::Key,
    train::{
        checkpoint::StateCodec,
        erased_network::ErasedNetwork,
        loss::{Criterion, TrainTarget},
    },
};

/// Runs training passes as the network's [program](ErasedNetwork::program).
pub(crate) struct ProgramBackend;

/// A program with its buffers, and the update of its parameters.
struct ProgramStep {
    run: Run,
    update: Update,
}

impl ProgramStep {
    /// Makes the step before the first batch of a training on `rows` rows.
    fn begin(program: Option<Program>, network: &dyn Parts, recipe: &Train, rows: usize) -> Result<Self, Failure> {
        let message = || "the network has a layer that is in no program".to_owned();
        let program = program.ok_or_else(|| Failure::Build { message: message() })?;
        check_program(network, &program)?;
        let mut run = Run::new(program, recipe.batch_size.min(rows))?;
        let update = Update::new(recipe, run.parameters().0.len(), rows)?;
        Ok(Self { run, update })
    }
}

impl<T: TrainTarget> TrainingBackend<T> for ProgramBackend {
    fn begin(
        &self,
        network: &dyn ErasedNetwork<T::Output>,
        recipe: &Train,
        view: &Fit<'_, T>,
    ) -> Result<Box<dyn TrainStep<T>>, Failure> {
        Ok(Box::new(ProgramStep::begin(network.program(), network, recipe, view.len())?))
    }
}

impl<T: TrainTarget> TrainStep<T> for ProgramStep {
    fn step(
        &mut self,
        _network: &mut dyn ErasedNetwork<T::Output>,
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

    fn store(&mut self, network: &mut dyn Parts) {
        write_back(self.run.program(), self.update.weights(self.run.numbers()), network);
    }

    fn update(&mut self) -> &mut Update {
        &mut self.update
    }

    fn code(&mut self, _network: &mut dyn Parts, codec: &mut StateCodec<'_>) -> Option<()> {
        // A step changes the buffers of the run, but not the network.
        codec.singles(self.run.parameters().0)?;
        codec.singles(self.run.state())?;
        self.update.code(codec)
    }
}
