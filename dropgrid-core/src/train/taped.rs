//! Steps on dfdx's tape: for networks with layers that only dfdx knows.

use std::mem;

use dfdx::{
    nn::ZeroGrads,
    tensor::{Cpu, Gradients, Trace},
    tensor_ops::Backward,
};

use super::{
    Objective,
    fit::Stepper,
    flat::Flat,
    loss::Criterion,
    reach::Reach,
    single::Variances,
    state::{Reader, Which, Writer, read_tensors, write_tensors},
    update::Update,
};
use crate::{
    data::{Fit, batches},
    error::Failure,
    model::{Network, device},
    phase::Pass,
    recipe::Train,
    seed::Key,
};

/// The gradients of a network, and what turns them into steps.
pub(super) struct Taped {
    flat: Flat,
    update: Update,
    /// Taken away while a step is under way.
    gradients: Option<Gradients<f32, Cpu>>,
    /// Whether the network has the average of its weights in place of the weights.
    has_average: bool,
    reach: Reach,
}

impl Taped {
    /// At the start of a fit.
    ///
    /// # Errors
    /// [`Failure::Device`].
    pub(super) fn new<T, N>(network: &N, recipe: &Train, view: &Fit<'_, T>) -> Result<Self, Failure>
    where
        T: Objective,
        N: Network,
    {
        let mut gradients = network.try_alloc_grads().map_err(device)?;
        let flat = Flat::new(network, &mut gradients)?;
        let update = Update::new(recipe, flat.parameters.len(), view.len())?;
        Ok(Self { flat, update, gradients: Some(gradients), has_average: false, reach: Reach::new(network) })
    }
}

impl<T: Objective, N: Network<Output = T::Output>> Stepper<N, T> for Taped {
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
            self.flat.write(&self.flat.parameters, network);
        }
        self.reach.before(network, &mut gradients)?;
        // Dropout draws from the device of its input, so the batch's device carries the batch's key.
        let cpu = Cpu::seed_from_u64(key.value());
        let input = batches::gather::<N::Sample>(&cpu, criterion.data().features(), rows.iter().copied());
        let alone = (rows.len() == 1).then(|| Variances::of(network));
        let output = network.train(Pass::from_tensor(input.traced(gradients)))?;
        if let Some(variances) = alone {
            variances.mend(network);
        }
        let (value, loss) = criterion.taped(output.into_tensor(), rows)?;
        if value.is_finite() {
            let mut gradients = loss.try_backward().map_err(device)?;
            self.reach.after(network, &mut gradients)?;
            self.flat.read(network, &mut gradients)?;
            if self.update.batch(criterion.count(rows), &mut self.flat.parameters, &mut self.flat.gradients) {
                self.flat.write(&self.flat.parameters, network);
            }
            network.try_zero_grads(&mut gradients).map_err(device)?;
            self.gradients = Some(gradients);
        }
        Ok(value)
    }

    fn store(&mut self, network: &mut N) {
        if self.update.averages() {
            self.flat.write(self.update.kept(&self.flat.parameters), network);
            self.has_average = true;
        }
    }

    fn reaches(&self, network: &N) -> Result<(), Failure> {
        self.reach.check(network)
    }

    fn lr(&self) -> f64 {
        self.update.lr()
    }

    fn set_lr(&mut self, lr: f64) {
        self.update.set_lr(lr);
    }

    fn write(&self, network: &N, to: &mut Writer) {
        write_tensors(network, Which::Untrained, to);
        to.singles(&self.flat.parameters);
        self.update.write(to);
    }

    fn read(&mut self, network: &mut N, from: &mut Reader<'_>) -> Option<()> {
        read_tensors(network, Which::Untrained, from)?;
        from.singles(&mut self.flat.parameters)?;
        self.flat.write(&self.flat.parameters, network);
        self.update.read(from)
    }
}
