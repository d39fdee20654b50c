//! Losses: what a training step makes small, one file a target.

mod binary;
mod bounds;
mod check;
mod classes;
mod criterion;
mod custom;
#[cfg(test)]
mod golden;
mod multi_label;
mod regression;
mod row_weights;
mod slice_loss;
#[cfg(test)]
mod tests;

pub use bounds::{ScoredBy, TrainTargetFor};
pub(crate) use check::check;
pub(crate) use criterion::Criterion;
pub use custom::{CustomLoss, LossFor, RecipeLoss};

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

/// How the outputs of a network are read: the link of a generalised linear model. It decides which losses there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The outputs are logits of classes that exclude each other.
    Softmax,
    /// Each output is the log-odds of something by itself.
    Logistic,
    /// The outputs are the numbers themselves.
    Identity,
}

impl Link {
    /// The losses of such outputs.
    pub const fn losses(self) -> &'static [Loss] {
        match self {
            Self::Softmax => &[Loss::CrossEntropy, Loss::Focal],
            Self::Logistic => &[Loss::BinaryCrossEntropy, Loss::Focal],
            Self::Identity => &[Loss::Mse, Loss::Mae, Loss::Huber, Loss::SmoothL1],
        }
    }

    /// The loss where a recipe names none.
    pub const fn loss(self) -> Loss {
        self.losses()[0]
    }
}

/// A target that a network can be trained on: it says how wide the network's output is, and what the loss is.
#[diagnostic::on_unimplemented(
    message = "a network cannot be trained on `{Self}`",
    note = "targets are `Classes<N>`, `MultiLabel<N>` and `Regression<N>` for a network with N outputs, `Binary` for one"
)]
pub trait TrainTarget: Target {
    /// The shape of the network's output for one sample.
    type Output: Sample;

    /// How the outputs are read, by which the losses of a [recipe](crate::recipe::Train::loss) are for this target or
    /// are not. Without it there is [`loss`](Self::loss) alone.
    const LINK: Option<Link> = None;

    /// The mean loss of a batch whose rows are `rows` of the data, where the recipe names none and weighs nothing. Every
    /// row counts the same.
    fn loss(&self, output: OutputTensor<Self>, rows: &[usize]) -> LossTensor;

    /// Writes what the network should give for `rows`, row-major in the shape of the output: 1 for the class of a row
    /// and 0 for the others, 1 for yes and 0 for no, the numbers themselves.
    fn encode(&self, rows: &[usize], to: &mut [f32]);

    /// What metrics see of an evaluation pass, row-major: probabilities or values.
    fn predictions(output: &Pass<Self::Output, Evaluation>) -> Vec<f64>;

    /// Truth and predictions side by side.
    ///
    /// # Errors
    /// [`Error::Scoring`](crate::Error::Scoring) where they do not go together.
    fn pair<'a>(truth: &'a [<Self::Kind as Truth>::Item], predictions: &'a [f64]) -> Result<Scored<'a, Self::Kind>>;
}

/// What a network gives for a batch, on the tape.
pub type OutputTensor<T> = Tensor<<<T as TrainTarget>::Output as Sample>::Batch, f32, Cpu, OwnedTape<f32, Cpu>>;

/// What it should give, in the same shape.
pub type TargetTensor<T> = Tensor<<<T as TrainTarget>::Output as Sample>::Batch, f32, Cpu>;

/// A loss on the tape.
pub type LossTensor = Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>;

/// What the network should give for `rows`, as a tensor.
fn wanted<T: TrainTarget>(targets: &T, rows: &[usize]) -> TargetTensor<T> {
    let mut values = vec![0.0; rows.len() * width::<T::Output>()];
    targets.encode(rows, &mut values);
    Cpu::default().tensor_from_vec(values, T::Output::batch(rows.len()))
}
