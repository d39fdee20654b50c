//! The loss that a training minimises.

use std::borrow::Cow;

use dfdx::{
    tensor::AsArray,
    tensor_ops::{SumTo, TryMul},
};

use super::{
    CustomLoss, LossTensor, OutputTensor, TrainTarget,
    row_weights::RowWeights,
    slice_loss::SliceLoss,
    tape::{leaf, on_slices},
    target_scaler::TargetScaler,
    target_tensor,
};
use crate::{
    data::{Dataset, Fit},
    error::{Failure, ScoringError},
    model::device,
    recipe::Train,
};

/// The loss that a training minimises: the recipe's loss with the weights of the training rows.
///
/// The loss of a set of rows is Σ w l / Σ w, where l is the loss and w the [weight of a row](RowWeights).
pub(crate) struct Criterion<'a, T: TrainTarget> {
    data: &'a Dataset<T>,
    /// The targets in the units in which the loss is computed.
    targets: Cow<'a, T>,
    scaler: Option<TargetScaler>,
    implementation: Implementation<T>,
    weights: RowWeights<'a>,
}

enum Implementation<T: TrainTarget> {
    /// A loss on the tape: a closure, or the target's loss for targets without a [link](super::Link).
    Tape(Option<CustomLoss<T>>),
    /// A built-in loss on slices.
    Slices(SliceLoss),
}

impl<T: TrainTarget> Implementation<T> {
    /// Computes the loss of a batch on the tape, by the closure or else by the target.
    fn on_tape(&self, targets: &T, output: OutputTensor<T>, rows: &[usize]) -> LossTensor {
        match self {
            Self::Tape(Some(custom)) => custom.loss(output, target_tensor(targets, rows)),
            Self::Tape(None) | Self::Slices(_) => targets.loss(output, rows),
        }
    }
}

impl<'a, T: TrainTarget> Criterion<'a, T> {
    /// Creates the loss of `recipe` for a training on the rows of `view`. Balanced class weights are computed from
    /// these rows.
    ///
    /// # Errors
    /// [`Failure::Build`] if the recipe does not suit the data, which a search checks before any training;
    /// [`Failure::Scoring`] if all rows have the weight 0.
    pub(crate) fn new(view: &Fit<'a, T>, recipe: &Train) -> Result<Self, Failure> {
        let data = view.data();
        super::check(recipe, data)?;
        let weights = RowWeights::new(view, recipe);
        if weights.of_all(view.rows()) == 0.0 {
            return Err(Failure::Scoring(ScoringError::ZeroWeights { rows: view.len() }));
        }
        let own = recipe.own_loss.as_ref().and_then(CustomLoss::of);
        let implementation = match T::LINK {
            Some(link) if own.is_none() => Implementation::Slices(SliceLoss::new(link, recipe, view, &weights)),
            _ => Implementation::Tape(own.cloned()),
        };
        let scaler = TargetScaler::new(recipe, view);
        let scaled = scaler.as_ref().and_then(|scaler| scaler.apply(data));
        let targets = scaled.map_or(Cow::Borrowed(data.targets()), Cow::Owned);
        Ok(Self { data, targets, scaler, implementation, weights })
    }

    /// The transform of the targets, fitted on the training rows.
    pub(crate) fn scaler(&self) -> Option<&TargetScaler> {
        self.scaler.as_ref()
    }

    /// The data.
    pub(crate) fn data(&self) -> &'a Dataset<T> {
        self.data
    }

    /// Returns the sum of the weights of `rows`.
    pub(crate) fn weight(&self, rows: &[usize]) -> f64 {
        self.weights.of_all(rows)
    }

    /// Computes the loss of `rows` and writes its gradient with respect to the outputs to `gradient`. `output` holds
    /// the outputs of the network, row-major. A loss on slices allocates nothing for a batch that is no larger than an
    /// earlier one.
    ///
    /// # Errors
    /// [`Failure::Device`] if the loss is on the tape and memory runs out.
    pub(crate) fn gradient(&mut self, output: &[f32], rows: &[usize], gradient: &mut [f32]) -> Result<f32, Failure> {
        let targets = &*self.targets;
        match &mut self.implementation {
            Implementation::Slices(slices) => Ok(slices.gradient(targets, &self.weights, output, rows, gradient)),
            Implementation::Tape(own) => taped_loss(own.as_ref(), targets, output, rows, Some(gradient)),
        }
    }

    /// Computes the loss of `rows` on the tape. Returns its value, and a scalar whose backward pass gives the gradient
    /// of the loss.
    ///
    /// The target's default loss and closures run on the tape. For any other loss, the scalar is the sum of the outputs
    /// times their gradient.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out.
    pub(crate) fn taped(&mut self, output: OutputTensor<T>, rows: &[usize]) -> Result<(f32, LossTensor), Failure> {
        let is_taped = match &self.implementation {
            Implementation::Tape(_) => true,
            Implementation::Slices(slices) => slices.is_plain(),
        };
        if is_taped {
            let loss = self.implementation.on_tape(&self.targets, output, rows);
            return Ok((loss.array(), loss));
        }
        let values = output.as_vec();
        let mut gradient = vec![0.0; values.len()];
        let value = self.gradient(&values, rows, &mut gradient)?;
        let gradient = leaf::<T>(&gradient, rows.len())?;
        Ok((value, output.try_mul(gradient).and_then(SumTo::try_sum).map_err(device)?))
    }

    /// Computes the loss of `rows` in `f64`. `output` holds the outputs of an evaluation pass, row-major. It is the
    /// loss that training minimises, with label smoothing and weights. If an output is not finite, the loss is not
    /// finite.
    ///
    /// # Errors
    /// [`Failure::Scoring`] if all rows have the weight 0; [`Failure::Device`] if the loss is on the tape and memory
    /// runs out.
    pub(crate) fn evaluation_loss(&self, output: &[f32], rows: &[usize]) -> Result<f64, Failure> {
        let targets = &*self.targets;
        let slices = match &self.implementation {
            Implementation::Slices(slices) => slices,
            Implementation::Tape(own) => return Ok(taped_loss(own.as_ref(), targets, output, rows, None)?.into()),
        };
        let weight = self.weight(rows);
        if weight == 0.0 {
            return Err(Failure::Scoring(ScoringError::ZeroWeights { rows: rows.len() }));
        }
        Ok(slices.sum(targets, &self.weights, output, rows) / weight)
    }
}

/// Computes a loss on the tape for outputs in a slice, by the closure or else by the target.
///
/// # Errors
/// [`Failure::Device`] if memory runs out.
fn taped_loss<T: TrainTarget>(
    own: Option<&CustomLoss<T>>,
    targets: &T,
    output: &[f32],
    rows: &[usize],
    gradient: Option<&mut [f32]>,
) -> Result<f32, Failure> {
    match own {
        Some(own) => own.on_slices(targets, output, rows, gradient),
        // Targets with a link have a loss on slices. The condition is constant, so the tape for them is not compiled.
        None if const { T::LINK.is_none() } => {
            on_slices::<T>(|output| targets.loss(output, rows), output, rows.len(), gradient)
        }
        None => unreachable!("targets with a link have a loss on slices"),
    }
}
