//! Softmax cross-entropy.

use dfdx::{losses::cross_entropy_with_logits_loss, shapes::Rank1};

use super::{Link, LossTensor, OutputTensor, TrainTarget, target_tensor};
use crate::{
    data::{Classes, Labels},
    error::Result,
    metric::Scored,
    phase::{Evaluation, Pass},
};

/// Softmax cross-entropy, averaged over the batch.
impl<const N: usize> TrainTarget for Classes<N> {
    type Output = Rank1<N>;
    const LINK: Option<Link> = Some(Link::Softmax);

    fn loss(&self, output: OutputTensor<Self>, rows: &[usize]) -> LossTensor {
        cross_entropy_with_logits_loss(output, target_tensor(self, rows))
    }

    fn encode(&self, rows: &[usize], to: &mut [f32]) {
        to.fill(0.0);
        for (&row, to) in rows.iter().zip(to.chunks_exact_mut(N)) {
            to[self.labels()[row]] = 1.0;
        }
    }

    fn predictions(output: &Pass<Rank1<N>, Evaluation>) -> Vec<f64> {
        output.probabilities()
    }

    fn pair<'a>(truth: &'a [usize], predictions: &'a [f64]) -> Result<Scored<'a, Labels>> {
        Scored::classes(truth, predictions, N)
    }
}
