//! Passes with dropout on, and with nothing else of a training.

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
    program::{Program, Run},
    seed::{Key, Purpose, Seed},
    train::{
        evaluate::pass::{EVALUATION_ROWS, finite},
        loss::TrainTarget,
        state_dict::StateDict,
    },
};

/// The moments over `passes` of what metrics see of the network for the given rows. `network` is the one of `params`,
/// and does not change. Masks come from `key`, the batch and the pass.
///
/// # Errors
/// [`Error::Data`] where rows have not the length that the network takes; [`Failure::NotDropoutAlone`],
/// [`Failure::NonFiniteWeights`], [`Failure::NonFiniteOutput`] and [`Failure::Device`] as [`Error::Fit`].
pub(crate) fn sample<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    network: &dyn Any,
    features: &Features,
    rows: &[usize],
    passes: usize,
    key: Key,
) -> Result<Moments> {
    let (network, target) = (Some(network), PhantomData);
    M::visit(params, Sample::<T> { network, features, rows, passes, key, target })?
}

/// Checks before any training that dropout is all that a training pass of the candidate's network adds.
///
/// # Errors
/// [`Failure::NotDropoutAlone`] as [`Error::Fit`].
pub(crate) fn check<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    features: &Features,
) -> Result<()> {
    let rows: Vec<usize> = (0..features.len().min(EVALUATION_ROWS)).collect();
    let (key, target) = (Seed(0).key(Purpose::MonteCarlo), PhantomData);
    M::visit(params, Sample::<T> { network: None, features, rows: &rows, passes: 0, key, target })??;
    Ok(())
}

struct Sample<'a, T> {
    /// The network, or none for one that is not trained yet.
    network: Option<&'a dyn Any>,
    features: &'a Features,
    rows: &'a [usize],
    passes: usize,
    key: Key,
    target: PhantomData<fn() -> T>,
}

impl<T: TrainTarget> Sample<'_, T> {
    fn run<N: Network<Output = T::Output>>(
        self,
        build: impl FnOnce(&Init) -> Result<N>,
        lower: Option<fn(&N) -> Program>,
    ) -> Result<Moments> {
        check_width::<N::Sample>(self.features)?;
        // All that a training pass may change is a network of its own.
        let copy = build(&Init::alone(Seed(0)))?;
        self.moments(copy, lower).map_err(Error::Fit)
    }

    fn moments<N: Network<Output = T::Output>>(
        self,
        mut copy: N,
        lower: Option<fn(&N) -> Program>,
    ) -> Result<Moments, Failure> {
        let Self { network, features, rows, passes, key, .. } = self;
        let width = width::<N::Output>();
        let other = || Failure::Build { message: "the network is none of these hyperparameters".to_owned() };
        let contents = match network {
            None => StateDict::of(&copy),
            Some(network) => StateDict::of(network.downcast_ref::<N>().ok_or_else(other)?),
        };
        if let Some((tensor, value)) = contents.non_finite() {
            return Err(Failure::NonFiniteWeights { tensor: tensor.to_owned(), value });
        }
        contents.write(&mut copy)?;
        let quiet = contents.statistics().next().is_some().then(|| contents.quiet());
        let mut moments = Moments::default();
        for (batch, rows) in rows.chunks(EVALUATION_ROWS).enumerate() {
            let key = key.batch(batch as u32);
            if let Some(quiet) = &quiet {
                quiet.write(&mut copy)?;
                let expected = evaluated(&copy, features, rows)?;
                let found = Forward::new(&mut copy, lower, features, rows)?.pass(key)?;
                if !same(&found, &expected) || StateDict::of(&copy) != *quiet {
                    let tensors = contents.statistics().map(ToOwned::to_owned).collect();
                    return Err(Failure::NotDropoutAlone { tensors });
                }
                contents.write(&mut copy)?;
            }
            let mut accumulator = Accumulator::default();
            let mut forward = Forward::new(&mut copy, lower, features, rows)?;
            for pass in 0..passes {
                let values = forward.pass(key.epoch(pass as u32))?;
                finite(&values, rows, width)?;
                accumulator.add::<T>(&seen::<T>(values, rows.len())?, width);
            }
            accumulator.finish::<T>(width, &mut moments);
        }
        Ok(moments)
    }
}

impl<M: Model, T: TrainTarget<Output = M::Output>> Visitor<M> for Sample<'_, T> {
    type Value = Result<Moments>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value {
        self.run(build, None)
    }

    fn visit_lowered<N>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value
    where
        N: Network<Output = M::Output> + Lower,
    {
        self.run(build, Some(program::<N>))
    }
}

/// A batch and what runs it with dropout on: a program, or the tape.
enum Forward<'a, N> {
    Program { run: Box<Run>, rows: usize },
    Tape { network: &'a mut N, features: &'a Features, rows: &'a [usize] },
}

impl<'a, N: Network> Forward<'a, N> {
    fn new(
        network: &'a mut N,
        lower: Option<fn(&N) -> Program>,
        features: &'a Features,
        rows: &'a [usize],
    ) -> Result<Self, Failure> {
        let Some(lower) = lower else { return Ok(Self::Tape { network, features, rows }) };
        let mut run = Box::new(Run::new(lower(network), rows.len())?);
        gather_into(run.batch(), features, rows);
        Ok(Self::Program { run, rows: rows.len() })
    }

    /// What the network gives, with masks from `key`.
    fn pass(&mut self, key: Key) -> Result<Vec<f32>, Failure> {
        match self {
            Self::Program { run, rows } => Ok(run.forward(*rows, key.words()).to_vec()),
            Self::Tape { network, features, rows } => {
                // Dropout draws from the device of its input.
                let cpu = Cpu::seed_from_u64(key.value());
                let input = gather::<N::Sample>(&cpu, features, rows.iter().copied());
                Ok(network.train(Pass::from_tensor(input.leaky_traced()))?.values())
            }
        }
    }
}

/// What an evaluation pass gives.
fn evaluated<N: Network>(network: &N, features: &Features, rows: &[usize]) -> Result<Vec<f32>, Failure> {
    let input = gather::<N::Sample>(&Cpu::default(), features, rows.iter().copied());
    Ok(network.evaluate(Pass::from_tensor(input))?.values())
}

/// Whether a training pass without dropout gave what an evaluation pass gives, but for the rounding of two ways to
/// compute the same.
fn same(found: &[f32], expected: &[f32]) -> bool {
    let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    // Single precision has 7 digits, of which a deep network loses some; statistics of a batch are off by more.
    found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-4 * largest)
}

/// What metrics see of outputs. This is the one place where what had dropout on becomes what can be scored, and it is
/// reached by the name of Monte-Carlo dropout only.
fn seen<T: TrainTarget>(values: Vec<f32>, rows: usize) -> Result<Vec<f64>, Failure> {
    let tensor =
        Cpu::default().try_tensor_from_vec(values, <T::Output as batches::Sample>::batch(rows)).map_err(device)?;
    Ok(T::predictions(&Pass::<T::Output, Evaluation>::from_tensor(tensor)))
}
