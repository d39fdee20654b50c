//! One fit: mini-batches in seeded order, a training pass, a step of the optimizer.

use dfdx::{
    nn::ZeroGrads,
    optim::{Adam, AdamConfig, Optimizer},
    tensor::{AsArray, Cpu, Trace},
    tensor_ops::Backward,
};

use super::Objective;
use crate::{
    data::{Features, Fit, batches},
    error::Failure,
    model::{Network, device},
    phase::{Evaluation, Pass},
    recipe::Train,
    seed::{Purpose, Seed},
};

/// Rows of an evaluation batch: large enough for the matrix product, small enough for the cache.
const EVALUATION_ROWS: usize = 256;

/// Trains `network` on the rows of `view`, whose fold has number `fold`.
///
/// # Errors
/// [`Failure::Diverged`] at the first loss that is not finite; [`Failure::Device`].
pub(crate) fn fit<T: Objective, N: Network<Output = T::Output>>(
    network: &mut N,
    recipe: &Train,
    view: &Fit<'_, T>,
    seed: Seed,
    fold: u32,
) -> Result<(), Failure> {
    let data = view.data();
    let config = AdamConfig { lr: recipe.lr, ..AdamConfig::default() };
    let mut optimizer = Adam::<N, f32, Cpu>::new(network, config);
    let mut gradients = network.try_alloc_grads().map_err(device)?;

    for epoch in 0..recipe.epochs {
        let mut order = view.rows().to_vec();
        seed.key(Purpose::BatchOrder).fold(fold).epoch(epoch as u32).shuffle(&mut order);
        let noise = seed.key(Purpose::Noise).fold(fold).epoch(epoch as u32);

        for (batch, rows) in order.chunks(recipe.batch_size).enumerate() {
            // Dropout draws from the device of its input, so the batch's device carries the batch's key.
            let cpu = Cpu::seed_from_u64(noise.batch(batch as u32).value());
            let input = batches::gather::<N::Sample>(&cpu, data.features(), rows.iter().copied());
            let output = network.train(Pass::from_tensor(input.traced(gradients)))?;
            let loss = data.targets().loss(output.into_tensor(), rows);
            let value = loss.array();
            if !value.is_finite() {
                return Err(Failure::Diverged { epoch: epoch + 1, batch: batch + 1, loss: value });
            }
            gradients = loss.try_backward().map_err(device)?;
            optimizer.update(network, &gradients).map_err(|error| Failure::Device { message: error.to_string() })?;
            network.try_zero_grads(&mut gradients).map_err(device)?;
        }
    }
    Ok(())
}

/// What metrics see of `network` for the given rows, row-major, in evaluation batches.
///
/// # Errors
/// [`Failure::NonFiniteOutput`], [`Failure::Device`].
pub(crate) fn predict<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    features: &Features,
    rows: &[usize],
) -> Result<Vec<f64>, Failure> {
    let cpu = Cpu::default();
    let mut predictions = Vec::new();
    for rows in rows.chunks(EVALUATION_ROWS) {
        let input = batches::gather::<N::Sample>(&cpu, features, rows.iter().copied());
        let output = network.evaluate(Pass::<N::Sample, Evaluation>::from_tensor(input))?;
        let values = output.values();
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let row = rows[at / batches::width::<T::Output>()];
            return Err(Failure::NonFiniteOutput { row, value: values[at] });
        }
        predictions.extend(T::predictions(&output));
    }
    Ok(predictions)
}
