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
pub use custom::{CustomLoss, LossFor, RecipeLoss, Same};
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

/// The meaning of a network's outputs, as the link function of a generalised linear model. It determines the possible
/// losses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The outputs are the logits of mutually exclusive classes.
    Softmax,
    /// Each output is the log-odds of a binary label.
    Logistic,
    /// The outputs are the predicted numbers.
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

/// Targets on which a network can be trained. They define the shape of the network's output and a default loss.
#[diagnostic::on_unimplemented(
    message = "a network cannot be trained on `{Self}`",
    note = "targets are `Classes<N>`, `MultiLabel<N>` and `Regression<N>` for a network with N outputs, `Binary` for one"
)]
pub trait TrainTarget: Target {
    /// The shape of the network's output for one sample.
    type Output: Sample;

    /// The link of the outputs. It determines which [losses of a recipe](crate::recipe::Train::loss) suit these
    /// targets. If it is `None`, only [`loss`](Self::loss) does.
    const LINK: Option<Link> = None;

    /// Returns the default loss of a batch on the tape: the mean over `rows` of the data, with equal weights.
    fn loss(&self, output: OutputTensor<Self>, rows: &[usize]) -> LossTensor;

    /// Writes the targets of `rows` to `to`, row-major in the shape of the output. Classes are 1 for the class of the
    /// row and 0 for the others, binary labels are 1 or 0, and numbers are unchanged.
    fn encode(&self, rows: &[usize], to: &mut [f32]);

    /// Returns these targets with other numbers, row-major and of the same count. Returns `None` if the targets are not
    /// numbers. Only targets with numbers can have a [transform](crate::recipe::Train::target_transform).
    fn with_numbers(&self, numbers: Vec<f64>) -> Option<Self> {
        let _ = numbers;
        None
    }

    /// Returns the predictions of an evaluation pass, row-major: probabilities or values.
    fn predictions(output: &Pass<Self::Output, Evaluation>) -> Vec<f64>;

    /// Appends the [predictions](Self::predictions) for the outputs of an evaluation pass, row-major. The default
    /// implementation copies the outputs to a tensor.
    fn append_predictions(output: &[f32], to: &mut Vec<f64>) {
        let rows = output.len() / width::<Self::Output>().max(1);
        let tensor = Cpu::default().tensor_from_vec(output.to_vec(), Self::Output::batch(rows));
        to.extend(Self::predictions(&Pass::from_tensor(tensor)));
    }

    /// Pairs the true targets with predictions, for metrics.
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
