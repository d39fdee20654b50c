//! Binary cross-entropy of one output.

use dfdx::{losses::binary_cross_entropy_with_logits_loss, shapes::Rank1};

use super::{Link, LossTensor, OutputTensor, TrainTarget, target_tensor};
use crate::{
    data::{Binary, Labels},
    error::Result,
    metric::Scored,
    phase::{Evaluation, Pass},
};

/// Binary cross-entropy of the log-odds, averaged over the batch.
impl TrainTarget for Binary {
    type Output = Rank1<1>;
    const LINK: Option<Link> = Some(Link::Logistic);

    fn loss(&self, output: OutputTensor<Self>, rows: &[usize]) -> LossTensor {
        binary_cross_entropy_with_logits_loss(output, target_tensor(self, rows))
    }

    fn encode(&self, rows: &[usize], to: &mut [f32]) {
        for (&row, to) in rows.iter().zip(to) {
            *to = f32::from(u8::from(self.labels()[row] == 1));
        }
    }

    fn predictions(output: &Pass<Rank1<1>, Evaluation>) -> Vec<f64> {
        output.independent_probabilities()
    }

    fn pair<'a>(truth: &'a [usize], predictions: &'a [f64]) -> Result<Scored<'a, Labels>> {
        Scored::binary(truth, predictions)
    }
}
