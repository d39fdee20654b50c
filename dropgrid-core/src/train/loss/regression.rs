//! Squared error.

use dfdx::{losses::mse_loss, shapes::Rank1};

use super::{Link, LossTensor, OutputTensor, TrainTarget, target_tensor};
use crate::{
    data::{Regression, Values},
    error::Result,
    metric::Scored,
    phase::{Evaluation, Pass},
};

/// Squared error, averaged over the batch and the outputs.
impl<const M: usize> TrainTarget for Regression<M> {
    type Output = Rank1<M>;
    const LINK: Option<Link> = Some(Link::Identity);

    fn loss(&self, output: OutputTensor<Self>, rows: &[usize]) -> LossTensor {
        mse_loss(output, target_tensor(self, rows))
    }

    fn encode(&self, rows: &[usize], to: &mut [f32]) {
        for (&row, to) in rows.iter().zip(to.chunks_exact_mut(M)) {
            to.iter_mut().zip(self.row(row)).for_each(|(to, &value)| *to = value as f32);
        }
    }

    fn with_numbers(&self, numbers: Vec<f64>) -> Option<Self> {
        Self::new(numbers.as_chunks::<M>().0.iter().copied()).ok()
    }

    fn predictions(output: &Pass<Rank1<M>, Evaluation>) -> Vec<f64> {
        output.values().into_iter().map(f64::from).collect()
    }

    fn pair<'a>(truth: &'a [f64], predictions: &'a [f64]) -> Result<Scored<'a, Values>> {
        Scored::values(truth, predictions, M)
    }
}
