//! Passes with dropout on, and with nothing else that a training pass adds.

use std::{any::Any, marker::PhantomData};

use dfdx::tensor::{Cpu, TensorFromVec, Trace};

use super::moments::{Accumulator, Moments};
use crate::{
    data::{
        Features,
        batches::{self, gather, gather_into, width},
    },
    error::{Error, Failure, Result},
    model::{Init, Model, Network, Visitor, device},
    nn::{Lower, program},
    phase::{Evaluation, Pass, check_width},
    program::Run,
    seed::{Key, Purpose, Seed},
    train::{
        backend::{ProgramBackend, TapeBackend},
        evaluate::pass::{EVALUATION_ROWS, finite, restore},
        loss::{TargetScaler, TrainTarget},
        state_dict::StateDict,
    },
};

/// The moments over `passes` of the predictions for the given rows. `network` has the type that `params` have, and does
/// not change. The masks are drawn from `key`, the batch and the pass. `scaler` is the transform of the targets that the
/// network was trained on: each pass is transformed back by itself.
///
/// # Errors
/// [`Error::Data`] where rows do not have the length that the network takes; [`Failure::NotDropoutAlone`],
/// [`Failure::NonFiniteWeights`], [`Failure::NonFiniteOutput`] and [`Failure::Device`] as [`Error::Fit`].
pub(crate) fn sample<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    network: &dyn Any,
    features: &Features,
    rows: &[usize],
    (passes, key, scaler): (usize, Key, Option<&TargetScaler>),
) -> Result<Moments> {
    let (network, target) = (Some(network), PhantomData);
    M::visit(params, McPasses::<T> { network, features, rows, passes, key, scaler, target })?
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
    let (key, target) = (Seed(0).key(Purpose::MonteCarlo), PhantomData);
    M::visit(params, McPasses::<T> { network: None, features, rows: &rows, passes: 0, key, scaler: None, target })??;
    Ok(())
}

struct McPasses<'a, T> {
    /// The trained network; none for a network as it is built.
    network: Option<&'a dyn Any>,
    features: &'a Features,
    rows: &'a [usize],
    passes: usize,
    key: Key,
    scaler: Option<&'a TargetScaler>,
    target: PhantomData<fn() -> T>,
}

impl<T: TrainTarget> McPasses<'_, T> {
    fn run<N: Network<Output = T::Output>>(
        self,
        build: impl FnOnce(&Init) -> Result<N>,
        backend: impl DropoutBackend<N>,
    ) -> Result<Moments> {
        check_width::<N::Sample>(self.features)?;
        // A training pass may change its network, so it gets a copy.
        let copy = build(&Init::alone(Seed(0)))?;
        self.moments(copy, backend).map_err(Error::Fit)
    }

    fn moments<N: Network<Output = T::Output>>(
        self,
        mut copy: N,
        backend: impl DropoutBackend<N>,
    ) -> Result<Moments, Failure> {
        let Self { network, features, rows, passes, key, scaler, .. } = self;
        let width = width::<N::Output>();
        let other = || Failure::Build { message: "the network is not of these hyperparameters".to_owned() };
        let state = match network {
            None => StateDict::of(&copy),
            Some(network) => StateDict::of(network.downcast_ref::<N>().ok_or_else(other)?),
        };
        if let Some((tensor, value)) = state.non_finite() {
            return Err(Failure::NonFiniteWeights { tensor: tensor.to_owned(), value });
        }
        state.write(&mut copy)?;
        let without_noise = state.statistics().next().is_some().then(|| state.without_noise());
        let mut moments = Moments::default();
        for (batch, rows) in rows.chunks(EVALUATION_ROWS).enumerate() {
            let key = key.batch(batch as u32);
            if let Some(without_noise) = &without_noise {
                without_noise.write(&mut copy)?;
                let expected = evaluated(&copy, features, rows)?;
                let found = backend.passes(&mut copy, features, rows)?(key)?;
                if !same(&found, &expected) || StateDict::of(&copy) != *without_noise {
                    let tensors = state.statistics().map(ToOwned::to_owned).collect();
                    return Err(Failure::NotDropoutAlone { tensors });
                }
                state.write(&mut copy)?;
            }
            let mut accumulator = Accumulator::default();
            let mut pass_with = backend.passes(&mut copy, features, rows)?;
            for pass in 0..passes {
                let values = pass_with(key.epoch(pass as u32))?;
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

impl<M: Model, T: TrainTarget<Output = M::Output>> Visitor<M> for McPasses<'_, T> {
    type Value = Result<Moments>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value {
        self.run(build, TapeBackend)
    }

    fn visit_lowered<N>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value
    where
        N: Network<Output = M::Output> + Lower,
    {
        self.run(build, ProgramBackend(program::<N>))
    }
}

/// The outputs of a batch with masks from a key.
type DropoutPass<'a> = Box<dyn FnMut(Key) -> Result<Vec<f32>, Failure> + 'a>;

/// A backend that runs batches of networks `N` with dropout on.
trait DropoutBackend<N> {
    /// The pass of a batch of these rows.
    fn passes<'a>(
        &self,
        network: &'a mut N,
        features: &'a Features,
        rows: &'a [usize],
    ) -> Result<DropoutPass<'a>, Failure>;
}

impl<N: Network> DropoutBackend<N> for ProgramBackend<N> {
    fn passes<'a>(
        &self,
        network: &'a mut N,
        features: &'a Features,
        rows: &'a [usize],
    ) -> Result<DropoutPass<'a>, Failure> {
        let mut run = Run::new(self.0(network), rows.len())?;
        gather_into(run.batch(), features, rows);
        Ok(Box::new(move |key| Ok(run.forward(rows.len(), key.words()).to_vec())))
    }
}

impl<N: Network> DropoutBackend<N> for TapeBackend {
    fn passes<'a>(
        &self,
        network: &'a mut N,
        features: &'a Features,
        rows: &'a [usize],
    ) -> Result<DropoutPass<'a>, Failure> {
        Ok(Box::new(move |key| {
            // Dropout draws from the device of its input.
            let cpu = Cpu::seed_from_u64(key.value());
            let input = gather::<N::Sample>(&cpu, features, rows.iter().copied());
            Ok(network.train(Pass::from_tensor(input.leaky_traced()))?.values())
        }))
    }
}

/// The outputs of an evaluation pass.
fn evaluated<N: Network>(network: &N, features: &Features, rows: &[usize]) -> Result<Vec<f32>, Failure> {
    let input = gather::<N::Sample>(&Cpu::default(), features, rows.iter().copied());
    Ok(network.evaluate(Pass::from_tensor(input))?.values())
}

/// True where a training pass without dropout gave the outputs of an evaluation pass, up to rounding.
fn same(found: &[f32], expected: &[f32]) -> bool {
    let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    // Single precision has 7 digits, of which a deep network loses some. Statistics of a batch would be off by more.
    found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-4 * largest)
}

/// The predictions in outputs. Only here do outputs with dropout on become predictions that can be scored, and only
/// Monte-Carlo dropout leads here.
fn predictions_of<T: TrainTarget>(values: Vec<f32>, rows: usize) -> Result<Vec<f64>, Failure> {
    let tensor =
        Cpu::default().try_tensor_from_vec(values, <T::Output as batches::Sample>::batch(rows)).map_err(device)?;
    Ok(T::predictions(&Pass::<T::Output, Evaluation>::from_tensor(tensor)))
}
