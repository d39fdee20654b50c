//! Targets and their losses.

mod bounds;
mod check;
mod criterion;
mod custom;
#[cfg(test)]
mod golden;
mod row_weights;
mod slice_loss;
mod tape;
mod target_scaler;
mod targets;
#[cfg(test)]
mod tests;

pub use bounds::{ScoringTarget, TrainTargetFor};
pub(crate) use check::check;
pub(crate) use criterion::Criterion;
pub use custom::{CustomLoss, LossFor, RecipeLoss};
pub(crate) use target_scaler::TargetScaler;

use dfdx::{
    shapes::Rank0,
    tensor::{Cpu, OwnedTape, Tensor, TensorFromVec},
};

use crate::{
    data::{
        Target, Truth,
        batches::{Sample, width},
    },
    error::Result,
    metric::Scored,
    phase::{Evaluation, Pass},
    recipe::Loss,
};

/// The meaning of a network's outputs: the link of a generalised linear model. It decides which losses are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The outputs are the logits of classes that exclude each other.
    Softmax,
    /// Each output is the log-odds of one yes or no.
    Logistic,
    /// The outputs are the numbers themselves.
    Identity,
}

impl Link {
    /// Returns the losses that suit outputs with this link.
    pub const fn losses(self) -> &'static [Loss] {
        match self {
            Self::Softmax => &[Loss::CrossEntropy, Loss::Focal],
            Self::Logistic => &[Loss::BinaryCrossEntropy, Loss::Focal],
            Self::Identity => &[Loss::Mse, Loss::Mae, Loss::Huber, Loss::SmoothL1],
        }
    }

    /// Returns the default loss.
    pub const fn loss(self) -> Loss {
        self.losses()[0]
    }
}

/// Targets that a network can be trained on. They define the shape of the network's output, and their own loss.
#[diagnostic::on_unimplemented(
    message = "a network cannot be trained on `{Self}`",
    note = "targets are `Classes<N>`, `MultiLabel<N>` and `Regression<N>` for a network with N outputs, `Binary` for one"
)]
pub trait TrainTarget: Target {
    /// The shape of the network's output for one sample.
    type Output: Sample;

    /// The link of the outputs. It decides which [losses of a recipe](crate::recipe::Train::loss) suit these targets.
    /// With `None`, [`loss`](Self::loss) is the only one.
    const LINK: Option<Link> = None;

    /// Returns the default loss of a batch on the tape: the mean over `rows` of the data, with equal weights.
    fn loss(&self, output: OutputTensor<Self>, rows: &[usize]) -> LossTensor;

    /// Writes the targets of `rows` to `to`, row-major in the shape of the output: 1 for the class of a row and 0 for
    /// the others, 1 for yes and 0 for no, or the numbers themselves.
    fn encode(&self, rows: &[usize], to: &mut [f32]);

    /// Returns these targets with other numbers, row-major and as many; `None` if targets are not numbers. Only targets
    /// with numbers can have a [transform](crate::recipe::Train::target_transform).
    fn with_numbers(&self, numbers: Vec<f64>) -> Option<Self> {
        let _ = numbers;
        None
    }

    /// Returns the predictions in the outputs of an evaluation pass, row-major: probabilities or values.
    fn predictions(output: &Pass<Self::Output, Evaluation>) -> Vec<f64>;

    /// Appends the [predictions](Self::predictions) in the outputs of an evaluation pass, which are row-major. The
    /// default implementation copies the outputs to a tensor.
    fn append_predictions(output: &[f32], to: &mut Vec<f64>) {
        let rows = output.len() / width::<Self::Output>().max(1);
        let tensor = Cpu::default().tensor_from_vec(output.to_vec(), Self::Output::batch(rows));
        to.extend(Self::predictions(&Pass::from_tensor(tensor)));
    }

    /// Pairs the truth with predictions, for metrics.
    ///
    /// # Errors
    /// [`Error::Scoring`](crate::Error::Scoring) if their lengths or values do not match.
    fn pair<'a>(truth: &'a [<Self::Kind as Truth>::Item], predictions: &'a [f64]) -> Result<Scored<'a, Self::Kind>>;
}

/// The outputs of a network for a batch, on the tape.
pub type OutputTensor<T> = Tensor<<<T as TrainTarget>::Output as Sample>::Batch, f32, Cpu, OwnedTape<f32, Cpu>>;

/// The encoded targets of a batch, in the shape of the outputs.
pub type TargetTensor<T> = Tensor<<<T as TrainTarget>::Output as Sample>::Batch, f32, Cpu>;

/// A loss on the tape.
pub type LossTensor = Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>;

/// Returns the encoded targets of `rows`.
fn target_tensor<T: TrainTarget>(targets: &T, rows: &[usize]) -> TargetTensor<T> {
    let mut values = vec![0.0; rows.len() * width::<T::Output>()];
    targets.encode(rows, &mut values);
    Cpu::default().tensor_from_vec(values, T::Output::batch(rows.len()))
}
