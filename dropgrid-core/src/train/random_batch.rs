//! Passes and steps of any network on a random batch, for the checks of `testing`.

use dfdx::{
    nn::ZeroGrads,
    optim::{Adam, AdamConfig, Optimizer},
    shapes::Rank0,
    tensor::{AsArray, Cpu, Tensor, TensorFromVec, Trace},
    tensor_ops::{Backward, MeanTo},
};
use rand::RngExt;

pub(crate) use super::state_dict::StateDict;
use crate::{
    data::batches::{Sample, width},
    error::Failure,
    model::{ModelColumns, Network, device},
    phase::Pass,
    seed::{Purpose, Seed},
};

/// The number of rows in the batch.
const ROWS: usize = 16;

/// A batch of random rows for a network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RandomBatch {
    pub(crate) seed: u64,
    /// The columns that the network takes, if its fields specify them.
    pub(crate) columns: Option<ModelColumns>,
    /// The number of codes, if the network takes codes.
    pub(crate) codes: Option<usize>,
}

/// Random samples of shape `S`, uniform in [-1, 1).
fn random<S: Sample>(seed: u64) -> Vec<f32> {
    let mut rng = Seed(seed).key(Purpose::Noise).rng();
    (0..ROWS * width::<S>()).map(|_| rng.random_range(-1.0..1.0)).collect()
}

impl RandomBatch {
    /// Returns the rows as a tensor whose noise comes from `noise`. A cell in a column of categories is a valid
    /// category.
    fn input<S: Sample>(self, noise: u64) -> Tensor<S::Batch, f32, Cpu> {
        let mut values = random::<S>(self.seed);
        if let Some(columns) = self.columns {
            for (at, value) in values.iter_mut().enumerate() {
                if let Some(categories) = columns.categories(at % width::<S>()) {
                    *value = ((0.5 + 0.5 * *value) * categories as f32).floor();
                }
            }
        }
        if let Some(codes) = self.codes {
            for value in &mut values {
                *value = ((0.5 + 0.5 * *value) * codes as f32).floor();
            }
        }
        Cpu::seed_from_u64(noise).tensor_from_vec(values, S::batch(ROWS))
    }

    /// Returns the outputs of an evaluation pass.
    pub(crate) fn evaluate<N: Network>(self, network: &N) -> Result<Vec<f32>, Failure> {
        Ok(network.evaluate(Pass::from_tensor(self.input::<N::Sample>(self.seed)))?.values())
    }

    /// Returns the outputs of a training pass with noise from `noise`.
    pub(crate) fn train<N: Network>(self, network: &mut N, noise: u64) -> Result<Vec<f32>, Failure> {
        Ok(network.train(Pass::from_tensor(self.input::<N::Sample>(noise).leaky_traced()))?.values())
    }

    /// Returns the mean squared error of an evaluation pass against a random target.
    pub(crate) fn loss<N: Network>(self, network: &N) -> Result<f64, Failure> {
        let target = random::<N::Output>(self.seed + 1);
        let squares =
            self.evaluate(network)?.iter().zip(&target).map(|(a, b)| f64::from(a - b).powi(2)).collect::<Vec<_>>();
        Ok(squares.iter().sum::<f64>() / squares.len() as f64)
    }

    /// Takes steps of Adam on the mean squared error.
    pub(crate) fn steps<N: Network>(self, network: &mut N, count: u64) -> Result<(), Failure> {
        let mut adam = Adam::<N, f32, Cpu>::new(network, AdamConfig { lr: 3e-3, ..AdamConfig::default() });
        let mut gradients = network.try_alloc_grads().map_err(device)?;
        for step in 0..count {
            let input = self.input::<N::Sample>(step);
            let target =
                Cpu::seed_from_u64(step).tensor_from_vec(random::<N::Output>(self.seed + 1), N::Output::batch(ROWS));
            let output = network.train(Pass::from_tensor(input.traced(gradients)))?.into_tensor();
            let loss = (output - target).square().mean::<Rank0, _>();
            if !loss.array().is_finite() {
                return Err(Failure::Diverged { epoch: 1, batch: step as usize + 1, loss: loss.array() });
            }
            gradients = loss.try_backward().map_err(device)?;
            adam.update(network, &gradients).map_err(|error| Failure::Device { message: error.to_string() })?;
            network.try_zero_grads(&mut gradients).map_err(device)?;
        }
        Ok(())
    }
}

/// Returns the name and values of each trainable tensor.
pub(crate) fn weights<N: Network>(network: &N) -> Vec<(String, Vec<f32>)> {
    let tensors = StateDict::of(network).tensors.into_iter().filter(|tensor| tensor.trainable);
    tensors.map(|tensor| (tensor.name, tensor.numbers)).collect()
}

/// The lowest dropout rate at which a few passes over a small layer certainly differ.
const VISIBLE: f64 = 0.05;

/// Returns true if a layer has a dropout rate (a setting called `p`, as in dfdx's dropout) that is high enough to be
/// visible.
pub(crate) fn drops<N: Network>(network: &N) -> bool {
    let is_rate = |name: &str| name.rsplit('.').next() == Some("p");
    StateDict::of(network).scalars.iter().any(|(name, rate)| is_rate(name) && (VISIBLE..1.0).contains(rate))
}
