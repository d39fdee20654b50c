//! The training step on dfdx's tape, for networks with layers that no program has.

use std::mem;

use dfdx::{
    nn::ZeroGrads,
    tensor::{Cpu, Gradients, Trace},
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
    data::{Fit, batches},
    error::Failure,
    model::{Network, device},
    phase::Pass,
    recipe::Train,
    seed::Key,
    train::{
        backend::TapeBackend,
        checkpoint::{StateCodec, TensorChoice, code_tensors},
        loss::{Criterion, TrainTarget},
    },
};

/// The gradients of a network, and the update of its parameters.
pub(crate) struct TapeStep {
    vector: ParameterVector,
    update: Update,
    /// None during a step, and after one that failed.
    gradients: Option<Gradients<f32, Cpu>>,
    /// True where the network holds the average of the weights in place of the trained ones.
    has_average: bool,
    reach: GradientReach,
}

impl<T: TrainTarget, N: Network<Output = T::Output>> TrainingBackend<N, T> for TapeBackend {
    type Step = TapeStep;

    fn begin(&self, network: &N, recipe: &Train, view: &Fit<'_, T>) -> Result<TapeStep, Failure> {
        let mut gradients = network.try_alloc_grads().map_err(device)?;
        let vector = ParameterVector::new(network, &mut gradients)?;
        let update = Update::new(recipe, vector.parameters.len(), view.len())?;
        let reach = GradientReach::new(network);
        Ok(TapeStep { vector, update, gradients: Some(gradients), has_average: false, reach })
    }
}

impl<T: TrainTarget, N: Network<Output = T::Output>> TrainStep<N, T> for TapeStep {
    fn step(
        &mut self,
        network: &mut N,
        criterion: &mut Criterion<'_, T>,
        rows: &[usize],
        key: Key,
    ) -> Result<f32, Failure> {
        let mut gradients = match self.gradients.take() {
            Some(gradients) => gradients,
            None => network.try_alloc_grads().map_err(device)?,
        };
        if mem::take(&mut self.has_average) {
            self.vector.write(&self.vector.parameters, network);
        }
        self.reach.before(network, &mut gradients)?;
        // Dropout draws from the device of its input, so the batch's device is seeded by the batch's key.
        let cpu = Cpu::seed_from_u64(key.value());
        let input = batches::gather::<N::Sample>(&cpu, criterion.data().features(), rows.iter().copied());
        let alone = (rows.len() == 1).then(|| RunningVariances::of(network));
        let output = network.train(Pass::from_tensor(input.traced(gradients)))?;
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
            network.try_zero_grads(&mut gradients).map_err(device)?;
            self.gradients = Some(gradients);
        }
        Ok(value)
    }

    fn store(&mut self, network: &mut N) {
        if self.update.averages() {
            self.vector.write(self.update.weights(&self.vector.parameters), network);
            self.has_average = true;
        }
    }

    fn check_reach(&self, network: &N) -> Result<(), Failure> {
        self.reach.check(network)
    }

    fn update(&mut self) -> &mut Update {
        &mut self.update
    }

    fn code(&mut self, network: &mut N, codec: &mut StateCodec<'_>) -> Option<()> {
        code_tensors(network, TensorChoice::Untrained, codec)?;
        codec.singles(&mut self.vector.parameters)?;
        if codec.is_reader() {
            self.vector.write(&self.vector.parameters, network);
        }
        self.reach.code(codec)?;
        self.update.code(codec)
    }
}
