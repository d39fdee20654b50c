//! The built-in targets with their default losses.

use dfdx::{
    losses::{binary_cross_entropy_with_logits_loss, cross_entropy_with_logits_loss, mse_loss},
    shapes::Rank1,
};

use super::{Link, LossTensor, OutputTensor, TrainTarget, target_tensor};
use crate::{
    data::{Binary, Classes, Flags, Labels, MultiLabel, Regression, Values},
    error::Result,
    metric::Scored,
    phase::{Evaluation, Pass, logistics, softmaxes},
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

    fn append_predictions(output: &[f32], to: &mut Vec<f64>) {
        softmaxes(output, N, to);
    }

    fn pair<'a>(truth: &'a [usize], predictions: &'a [f64]) -> Result<Scored<'a, Labels>> {
        Scored::classes(truth, predictions, N)
    }
}

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

    fn append_predictions(output: &[f32], to: &mut Vec<f64>) {
        logistics(output, to);
    }

    fn pair<'a>(truth: &'a [usize], predictions: &'a [f64]) -> Result<Scored<'a, Labels>> {
        Scored::binary(truth, predictions)
    }
}

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

    fn append_predictions(output: &[f32], to: &mut Vec<f64>) {
        logistics(output, to);
    }

    fn pair<'a>(truth: &'a [bool], predictions: &'a [f64]) -> Result<Scored<'a, Flags>> {
        Scored::flag_probabilities(truth, predictions, N)
    }
}

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

    fn append_predictions(output: &[f32], to: &mut Vec<f64>) {
        to.extend(output.iter().map(|&value| f64::from(value)));
    }

    fn pair<'a>(truth: &'a [f64], predictions: &'a [f64]) -> Result<Scored<'a, Values>> {
        Scored::values(truth, predictions, M)
    }
}
