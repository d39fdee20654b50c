//! Binary cross-entropy of several outputs.

use dfdx::{losses::binary_cross_entropy_with_logits_loss, shapes::Rank1};

use super::{Link, LossTensor, OutputTensor, TrainTarget, target_tensor};
use crate::{
    data::{Flags, MultiLabel},
    error::Result,
    metric::Scored,
    phase::{Evaluation, Pass},
};

/// Binary cross-entropy of the log-odds, averaged over the batch and the flags.
impl<const N: usize> TrainTarget for MultiLabel<N> {
    type Output = Rank1<N>;
    const LINK: Option<Link> = Some(Link::Logistic);

    fn loss(&self, output: OutputTensor<Self>, rows: &[usize]) -> LossTensor {
        binary_cross_entropy_with_logits_loss(output, target_tensor(self, rows))
    }

    fn encode(&self, rows: &[usize], to: &mut [f32]) {
        for (&row, to) in rows.iter().zip(to.chunks_exact_mut(N)) {
            to.iter_mut().zip(self.row(row)).for_each(|(to, &flag)| *to = f32::from(u8::from(flag)));
        }
    }

    fn predictions(output: &Pass<Rank1<N>, Evaluation>) -> Vec<f64> {
        output.independent_probabilities()
    }

    fn pair<'a>(truth: &'a [bool], predictions: &'a [f64]) -> Result<Scored<'a, Flags>> {
        Scored::flag_probabilities(truth, predictions, N)
    }
}
