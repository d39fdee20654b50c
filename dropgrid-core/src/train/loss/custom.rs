//! Custom losses.

use std::{fmt, sync::Arc};

use super::{LossTensor, OutputTensor, TargetTensor, TrainTarget, tape::on_slices, target_tensor};
use crate::{error::Failure, recipe::OwnLoss};

/// A loss computed by a closure, for targets of type `T`.
///
/// The closure takes the outputs of the network for a batch, on the tape, and the encoded targets in the same shape.
/// Encoded classes are 1 for the class of the row and 0 for the others. Encoded binary labels and flags are 1
/// or 0. Numbers are in the units of the recipe's [target transform](crate::recipe::Train::target_transform). The
/// closure returns the scalar to minimise. If it is NaN or infinite, the fit fails.
///
/// A study cannot compare closures and identifies the loss by its name. Change the name when you change the loss.
///
/// # Examples
/// The pinball loss, with which a network predicts the 0.9 quantile:
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
    /// The same loss for outputs in a slice. It is created in [`new`](Self::new), so that the tape of a loss is
    /// compiled only in programs with a custom loss.
    on_slices: Arc<OnSlices<T>>,
}

type OnSlices<T> = dyn Fn(&T, &[f32], &[usize], Option<&mut [f32]>) -> Result<f32, Failure> + Send + Sync;
type Function<T> = dyn Fn(OutputTensor<T>, TargetTensor<T>) -> LossTensor + Send + Sync;

impl<T: TrainTarget> CustomLoss<T> {
    /// Creates a loss. Studies identify it by `name`.
    pub fn new(
        name: impl Into<String>,
        function: impl Fn(OutputTensor<T>, TargetTensor<T>) -> LossTensor + Send + Sync + 'static,
    ) -> Self {
        let function: Arc<Function<T>> = Arc::new(function);
        let taped = Arc::clone(&function);
        let slices = move |targets: &T, output: &[f32], rows: &[usize], gradient: Option<&mut [f32]>| {
            on_slices::<T>(|output| taped(output, target_tensor(targets, rows)), output, rows.len(), gradient)
        };
        Self { name: name.into(), function, on_slices: Arc::new(slices) }
    }

    /// The name of the loss.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Computes the loss of a batch.
    pub(super) fn loss(&self, output: OutputTensor<T>, targets: TargetTensor<T>) -> LossTensor {
        (self.function)(output, targets)
    }

    /// Computes the loss of `rows` for outputs in a slice. If `gradient` is `Some`, writes the gradient with respect to
    /// the outputs to it.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out.
    pub(super) fn on_slices(
        &self,
        targets: &T,
        output: &[f32],
        rows: &[usize],
        gradient: Option<&mut [f32]>,
    ) -> Result<f32, Failure> {
        (self.on_slices)(targets, output, rows, gradient)
    }

    /// Returns the loss in a recipe if it is for targets of type `T`.
    pub(super) fn of(own: &OwnLoss) -> Option<&Self> {
        own.downcast_ref()
    }

    /// Converts the loss to the form that a recipe holds.
    pub(crate) fn into_own(self) -> OwnLoss {
        OwnLoss::new(self.name.clone(), self)
    }
}

impl<T: TrainTarget> Clone for CustomLoss<T> {
    fn clone(&self) -> Self {
        let (function, on_slices) = (Arc::clone(&self.function), Arc::clone(&self.on_slices));
        Self { name: self.name.clone(), function, on_slices }
    }
}

impl<T: TrainTarget> fmt::Debug for CustomLoss<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomLoss").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Stands for the built-in loss of the recipe, for targets of any type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecipeLoss {}

/// A loss for targets of type `T`. A [recipe's loss](RecipeLoss) is for all targets, a [`CustomLoss`] for its type of
/// targets.
#[diagnostic::on_unimplemented(
    message = "the loss of this search is not for targets `{T}`",
    label = "these targets have another type than the loss",
    note = "a closure is for one type of targets: `CustomLoss::<{T}>::new(..)`"
)]
pub trait LossFor<T> {}

#[diagnostic::do_not_recommend]
impl<T> LossFor<T> for RecipeLoss {}

// The targets are not inferred from the loss, so that data of other targets is an error by this trait.
#[diagnostic::do_not_recommend]
impl<T: TrainTarget, U: Same<T>> LossFor<U> for CustomLoss<T> {}

/// The type `T` itself.
#[doc(hidden)]
pub trait Same<T> {}

impl<T> Same<T> for T {}
