//! Passes with dropout on and nothing else of a training pass.

use dfdx::tensor::{Cpu, Gradients, TensorFromVec};

use super::moments::{Accumulator, Moments};
use crate::{
    data::{
        Features,
        batches::{self, gather_into, width},
    },
    error::{Error, Failure, Result},
    model::{Init, Model, device},
    nn::Parts,
    phase::{Evaluation, Pass, check_len},
    program::Run,
    seed::{Key, Purpose, Seed},
    train::{
        erased_network::ErasedNetwork,
        evaluate::pass::{finite, restore},
        loss::{TargetScaler, TrainTarget},
        network::{NetworkType, build_network},
        passes::EVALUATION_ROWS,
        state_dict::StateDict,
    },
};

/// Returns the moments over `passes` passes of the predictions for the given rows. `network` must have the type that
/// `params` determine, and is not changed. The masks are drawn from `key`, the batch and the pass. `scaler` is the
/// transform of the targets that the network was trained on. Each pass is transformed back separately.
///
/// # Errors
/// [`Error::Data`] if rows do not have the length that the network takes; [`Failure::NotDropoutAlone`],
/// [`Failure::NonFiniteWeights`], [`Failure::NonFiniteOutput`] and [`Failure::Device`] as [`Error::Fit`].
pub(crate) fn sample<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    network: &dyn Parts,
    features: &Features,
    rows: &[usize],
    (passes, key, scaler): (usize, Key, Option<&TargetScaler>),
) -> Result<Moments> {
    run::<M, T>(params, McPasses { network: Some(network), features, rows, passes, key, scaler })
}

/// Checks, without training, that a training pass of the candidate's network adds nothing but dropout.
///
/// # Errors
/// [`Failure::NotDropoutAlone`] as [`Error::Fit`].
pub(crate) fn check<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    features: &Features,
) -> Result<()> {
    let rows: Vec<usize> = (0..features.len().min(EVALUATION_ROWS)).collect();
    let key = Seed(0).key(Purpose::MonteCarlo);
    run::<M, T>(params, McPasses { network: None, features, rows: &rows, passes: 0, key, scaler: None }).map(drop)
}

fn run<M: Model, T: TrainTarget<Output = M::Output>>(params: &M::Params, passes: McPasses<'_>) -> Result<Moments> {
    check_len(passes.features, NetworkType::of::<M>(params)?.input.iter().product())?;
    // A training pass may change its network, so it gets a copy.
    let mut copy = build_network::<M, T>(params, &Init::alone(Seed(0)))?.network;
    passes.moments::<T>(&mut *copy).map_err(Error::Fit)
}

struct McPasses<'a> {
    /// The trained network; `None` for an untrained one.
    network: Option<&'a dyn Parts>,
    features: &'a Features,
    rows: &'a [usize],
    passes: usize,
    key: Key,
    scaler: Option<&'a TargetScaler>,
}

impl McPasses<'_> {
    fn moments<T: TrainTarget>(self, copy: &mut dyn ErasedNetwork<T::Output>) -> Result<Moments, Failure> {
        let Self { network, features, rows, passes, key, scaler, .. } = self;
        let width = width::<T::Output>();
        let built = StateDict::of(copy);
        let state = network.map_or_else(|| built.clone(), StateDict::of);
        if !state.is_like(&built) {
            return Err(Failure::Build { message: "the network is not of these hyperparameters".to_owned() });
        }
        if let Some((tensor, value)) = state.non_finite() {
            return Err(Failure::NonFiniteWeights { tensor: tensor.to_owned(), value });
        }
        state.write(copy)?;
        let without_noise = state.statistics().next().is_some().then(|| state.without_noise());
        let mut moments = Moments::default();
        for (batch, rows) in rows.chunks(EVALUATION_ROWS).enumerate() {
            let key = key.batch(batch as u32);
            if let Some(without_noise) = &without_noise {
                without_noise.write(copy)?;
                let expected = evaluated(copy, features, rows)?;
                let found = DropoutPasses::new(copy, features, rows)?.run(key)?;
                if !same(&found, &expected) || StateDict::of(copy) != *without_noise {
                    let tensors = state.statistics().map(ToOwned::to_owned).collect();
                    return Err(Failure::NotDropoutAlone { tensors });
                }
                state.write(copy)?;
            }
            let mut accumulator = Accumulator::default();
            let mut pass_with = DropoutPasses::new(copy, features, rows)?;
            for pass in 0..passes {
                let values = pass_with.run(key.epoch(pass as u32))?;
                finite(&values, rows, width)?;
                let mut predictions = predictions_of::<T>(values, rows.len())?;
                restore(scaler, &mut predictions, rows)?;
                accumulator.add::<T>(&predictions, width);
            }
            accumulator.finish::<T>(width, &mut moments);
        }
        Ok(moments)
    }
}

/// Passes with dropout on over one batch.
struct DropoutPasses<'a, O: batches::Sample> {
    network: &'a mut dyn ErasedNetwork<O>,
    features: &'a Features,
    rows: &'a [usize],
    /// The run of the network's program; `None` for a network on the tape.
    run: Option<Run>,
}

impl<'a, O: batches::Sample> DropoutPasses<'a, O> {
    fn new(network: &'a mut dyn ErasedNetwork<O>, features: &'a Features, rows: &'a [usize]) -> Result<Self, Failure> {
        let mut run = network.program().map(|program| Run::new(program, rows.len())).transpose()?;
        if let Some(run) = &mut run {
            gather_into(run.batch(), features, rows);
        }
        Ok(Self { network, features, rows, run })
    }

    /// Runs a pass with masks drawn from a key, and returns its outputs.
    fn run(&mut self, key: Key) -> Result<Vec<f32>, Failure> {
        let Self { network, features, rows, run } = self;
        match run {
            Some(run) => Ok(run.forward(rows.len(), key.words()).to_vec()),
            None => Ok(network.train(features, rows, key.value(), Gradients::leaky())?.values()),
        }
    }
}

/// Runs an evaluation pass and returns its outputs.
fn evaluated<O: batches::Sample>(
    network: &dyn ErasedNetwork<O>,
    features: &Features,
    rows: &[usize],
) -> Result<Vec<f32>, Failure> {
    let take = |_: &[usize], output: &[f32], to: &mut Vec<f64>| {
        to.extend(output.iter().map(|&value| f64::from(value)));
        Ok(())
    };
    Ok(network.outputs(features, rows, &take)?.into_iter().map(|value| value as f32).collect())
}

/// Returns true if a training pass without dropout gave the outputs of an evaluation pass, up to rounding.
fn same(found: &[f32], expected: &[f32]) -> bool {
    let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    // Single precision has 7 digits, of which a deep network loses some. Statistics of a batch would be off by more.
    found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-4 * largest)
}

/// Converts outputs to predictions. Outputs with dropout on become predictions only here, and only Monte-Carlo dropout
/// calls it.
fn predictions_of<T: TrainTarget>(values: Vec<f32>, rows: usize) -> Result<Vec<f64>, Failure> {
    let tensor =
        Cpu::default().try_tensor_from_vec(values, <T::Output as batches::Sample>::batch(rows)).map_err(device)?;
    Ok(T::predictions(&Pass::<T::Output, Evaluation>::from_tensor(tensor)))
}
