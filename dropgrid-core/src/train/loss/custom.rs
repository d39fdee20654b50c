//! A loss of one's own.

use std::{fmt, sync::Arc};

use super::{LossTensor, OutputTensor, TargetTensor, TrainTarget};
use crate::recipe::OwnLoss;

/// A loss that a closure computes, for targets of type `T`.
///
/// The closure sees what the network gives for a batch, on the tape, and what it should give, in the same shape: 1 for
/// the class of a row and 0 for the others, 1 for yes and 0 for no, or the numbers. What it returns is made small. A
/// NaN or an infinity from it is a failed fit.
///
/// A closure cannot be looked into, so a study knows it by its name alone: give it another name when you change it.
///
/// # Examples
/// The pinball loss, by which a network predicts the 0.9 quantile:
/// ```
/// # use dropgrid_core::{data::Regression, train::CustomLoss};
/// use dfdx::prelude::*;
///
/// let pinball = CustomLoss::<Regression<1>>::new("pinball 0.9", |output, truth| {
///     let over = output - truth;
///     // 0.1 d above the truth, -0.9 d below.
///     (over.with_empty_tape().relu() - over * 0.9).mean()
/// });
/// assert_eq!(pinball.name(), "pinball 0.9");
/// ```
pub struct CustomLoss<T: TrainTarget> {
    name: String,
    function: Arc<Function<T>>,
}

type Function<T> = dyn Fn(OutputTensor<T>, TargetTensor<T>) -> LossTensor + Send + Sync;

impl<T: TrainTarget> CustomLoss<T> {
    /// A loss with the name by which studies know it.
    pub fn new(
        name: impl Into<String>,
        function: impl Fn(OutputTensor<T>, TargetTensor<T>) -> LossTensor + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), function: Arc::new(function) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The loss of a batch.
    pub(super) fn loss(&self, output: OutputTensor<T>, wanted: TargetTensor<T>) -> LossTensor {
        (self.function)(output, wanted)
    }

    /// The loss that a recipe carries, where it is one for `T`.
    pub(super) fn of(own: &OwnLoss) -> Option<&Self> {
        own.downcast_ref()
    }

    /// The loss as a recipe carries it.
    pub(crate) fn into_own(self) -> OwnLoss {
        OwnLoss::new(self.name.clone(), self)
    }
}

impl<T: TrainTarget> Clone for CustomLoss<T> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), function: Arc::clone(&self.function) }
    }
}

impl<T: TrainTarget> fmt::Debug for CustomLoss<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomLoss").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The loss of the recipe, whatever the targets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecipeLoss {}

/// What a search makes small, for targets of type `T`: the [recipe's loss](RecipeLoss) is for all of them, a
/// [`CustomLoss`] for those that it names.
#[diagnostic::on_unimplemented(
    message = "the loss of this search is not for targets `{T}`",
    label = "these targets have another type than the loss",
    note = "a closure is for one type of targets: `CustomLoss::<{T}>::new(..)`"
)]
pub trait LossFor<T> {}

impl<T> LossFor<T> for RecipeLoss {}
impl<T: TrainTarget> LossFor<T> for CustomLoss<T> {}
