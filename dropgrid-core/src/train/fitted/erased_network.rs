//! A trained network without its type.

use std::any::Any;

use crate::{
    data::{
        Features,
        batches::{self, shape},
    },
    error::{Error, Result},
    model::Network,
    nn::{Lower, evaluation_program},
    phase::{Evaluation, Pass, check_width},
    program::Program,
    train::{
        evaluate::{Evaluator, outputs, predict, restore},
        loss::{TargetScaler, TrainTarget},
        state_dict::StateDict,
    },
};

/// A trained network of any type.
pub(in crate::train) trait ErasedNetwork<T>: Send {
    /// The predictions for the given rows: probabilities or values, row-major, in the units of the targets before
    /// `scaler` transformed them.
    fn predict(&self, features: &Features, rows: &[usize], scaler: Option<&TargetScaler>) -> Result<Vec<f64>>;
    /// The outputs for the given rows, which are logits where predictions are probabilities.
    fn outputs(&self, features: &Features, rows: &[usize]) -> Result<Vec<f64>>;
    /// The program of its evaluation passes; `None` where it predicts by dfdx's.
    fn program(&self) -> Option<Program>;
    /// The length of a row that it takes.
    fn width(&self) -> usize;
    /// All numbers of the network, and the shape of one sample of input.
    fn state_dict(&self) -> (StateDict, Vec<usize>);
    fn as_any(&self) -> &dyn Any;
}

/// A network that predicts by dfdx's evaluation passes.
pub(super) struct TypedNetwork<N>(N);

impl<N> TypedNetwork<N> {
    pub(super) fn erased<T>(network: N) -> Box<dyn ErasedNetwork<T>>
    where
        T: TrainTarget,
        N: Network<Output = T::Output>,
    {
        Box::new(Self(network))
    }
}

impl<T: TrainTarget, N: Network<Output = T::Output>> ErasedNetwork<T> for TypedNetwork<N> {
    fn predict(&self, features: &Features, rows: &[usize], scaler: Option<&TargetScaler>) -> Result<Vec<f64>> {
        check_width::<N::Sample>(features)?;
        predict::<T, N>(&self.0, features, rows, scaler).map_err(Error::Fit)
    }

    fn outputs(&self, features: &Features, rows: &[usize]) -> Result<Vec<f64>> {
        check_width::<N::Sample>(features)?;
        let values = |pass: &Pass<N::Output, Evaluation>| pass.values().into_iter().map(f64::from).collect();
        outputs(&self.0, features, rows, values).map_err(Error::Fit)
    }

    fn program(&self) -> Option<Program> {
        None
    }

    fn width(&self) -> usize {
        batches::width::<N::Sample>()
    }

    fn state_dict(&self) -> (StateDict, Vec<usize>) {
        (StateDict::of(&self.0), shape::<N::Sample>())
    }

    fn as_any(&self) -> &dyn Any {
        &self.0
    }
}

/// A network that predicts by its program, on buffers that are allocated once.
pub(super) struct LoweredNetwork<N> {
    network: N,
    evaluator: Evaluator,
}

impl<N> LoweredNetwork<N> {
    /// The network, where its program [evaluates](Lower::EVALUATES) it; else a [`TypedNetwork`].
    pub(super) fn erased<T>(network: N) -> Box<dyn ErasedNetwork<T>>
    where
        T: TrainTarget,
        N: Network<Output = T::Output> + Lower,
    {
        // A branch on a constant: only one of them is compiled.
        if N::EVALUATES {
            Box::new(Self { network, evaluator: Evaluator::default() })
        } else {
            TypedNetwork::erased(network)
        }
    }
}

impl<T: TrainTarget, N: Network<Output = T::Output> + Lower> ErasedNetwork<T> for LoweredNetwork<N> {
    fn predict(&self, features: &Features, rows: &[usize], scaler: Option<&TargetScaler>) -> Result<Vec<f64>> {
        check_width::<N::Sample>(features)?;
        let take = T::append_predictions;
        let mut predictions = self.evaluator.outputs(&|| evaluation_program(&self.network), features, rows, &take)?;
        restore(scaler, &mut predictions, rows)?;
        Ok(predictions)
    }

    fn outputs(&self, features: &Features, rows: &[usize]) -> Result<Vec<f64>> {
        check_width::<N::Sample>(features)?;
        let take = |output: &[f32], to: &mut Vec<f64>| to.extend(output.iter().map(|&value| f64::from(value)));
        Ok(self.evaluator.outputs(&|| evaluation_program(&self.network), features, rows, &take)?)
    }

    fn program(&self) -> Option<Program> {
        Some(evaluation_program(&self.network))
    }

    fn width(&self) -> usize {
        batches::width::<N::Sample>()
    }

    fn state_dict(&self) -> (StateDict, Vec<usize>) {
        (StateDict::of(&self.network), shape::<N::Sample>())
    }

    fn as_any(&self) -> &dyn Any {
        &self.network
    }
}
