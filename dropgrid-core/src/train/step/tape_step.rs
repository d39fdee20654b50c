//! The training step on dfdx's tape, for networks with layers that a program cannot contain.

use std::mem;

use dfdx::{
    tensor::{Cpu, Gradients},
    tensor_ops::Backward,
};

use super::{
    batch_of_one::RunningVariances,
    parameter_vector::ParameterVector,
    reach::GradientReach,
    train_step::{TrainStep, TrainingBackend},
    update::Update,
};
use crate::{
    data::Fit,
    error::Failure,
    model::device,
    nn::Parts,
    recipe::Train,
    seed::Key,
    train::{
        checkpoint::{StateCodec, TensorChoice, code_tensors},
        erased_network::ErasedNetwork,
        loss::{Criterion, TrainTarget},
    },
};

/// Runs training passes on dfdx's tape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TapeBackend;

/// The gradients of a network, and the update of its parameters.
struct TapeStep {
    vector: ParameterVector,
    update: Update,
    /// The gradients; `None` during a step and after a failed one.
    gradients: Option<Gradients<f32, Cpu>>,
    /// True if the network holds the average of the weights in place of the trained weights.
    has_average: bool,
    reach: GradientReach,
}

impl<T: TrainTarget> TrainingBackend<T> for TapeBackend {
    fn begin(
        &self,
        network: &dyn ErasedNetwork<T::Output>,
        recipe: &Train,
        view: &Fit<'_, T>,
    ) -> Result<Box<dyn TrainStep<T>>, Failure> {
        let mut gradients = network.gradients()?;
        let vector = ParameterVector::new(network, &mut gradients)?;
        let update = Update::new(recipe, vector.parameters.len(), view.len())?;
        let reach = GradientReach::new(network);
        Ok(Box::new(TapeStep { vector, update, gradients: Some(gradients), has_average: false, reach }))
    }
}

impl<T: TrainTarget> TrainStep<T> for TapeStep {
    fn step(
        &mut self,
        network: &mut dyn ErasedNetwork<T::Output>,
        criterion: &mut Criterion<'_, T>,
        rows: &[usize],
        key: Key,
    ) -> Result<f32, Failure> {
        let mut gradients = match self.gradients.take() {
            Some(gradients) => gradients,
            None => network.gradients()?,
        };
        if mem::take(&mut self.has_average) {
            self.vector.write(&self.vector.parameters, network);
        }
        self.reach.before(network, &mut gradients)?;
        let alone = (rows.len() == 1).then(|| RunningVariances::of(network));
        let output = network.train(criterion.data().features(), rows, key.value(), gradients)?;
        if let Some(variances) = alone {
            variances.mend(network);
        }
        let (value, loss) = criterion.taped(output.into_tensor(), rows)?;
        if value.is_finite() {
            let mut gradients = loss.try_backward().map_err(device)?;
            self.reach.after(network, &mut gradients)?;
            self.vector.read(network, &mut gradients)?;
            if self.update.batch(criterion.weight(rows), &mut self.vector.parameters, &mut self.vector.gradients) {
                self.vector.write(&self.vector.parameters, network);
            }
            network.zero(&mut gradients)?;
            self.gradients = Some(gradients);
        }
        Ok(value)
    }

    fn store(&mut self, network: &mut dyn Parts) {
        if self.update.averages() {
            self.vector.write(self.update.weights(&self.vector.parameters), network);
            self.has_average = true;
        }
    }

    fn check_reach(&self, network: &dyn Parts) -> Result<(), Failure> {
        self.reach.check(network)
    }

    fn update(&mut self) -> &mut Update {
        &mut self.update
    }

    fn code(&mut self, network: &mut dyn Parts, codec: &mut StateCodec<'_>) -> Option<()> {
        code_tensors(network, TensorChoice::Untrained, codec)?;
        codec.singles(&mut self.vector.parameters)?;
        if codec.is_reader() {
            self.vector.write(&self.vector.parameters, network);
        }
        self.reach.code(codec)?;
        self.update.code(codec)
    }
}
