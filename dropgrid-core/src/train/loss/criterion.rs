//! The loss of a training.

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

/// The loss that a training minimises: the recipe's loss, with the weights that it takes from the training rows.
///
/// The loss of some rows is Σ w l / Σ w, where w is the [weight of a row](RowWeights).
pub(crate) struct Criterion<'a, T: TrainTarget> {
    data: &'a Dataset<T>,
    /// The targets in the units in which the loss is computed.
    targets: Cow<'a, T>,
    scaler: Option<TargetScaler>,
    implementation: Implementation<T>,
    weights: RowWeights<'a>,
}

enum Implementation<T: TrainTarget> {
    /// On the tape: a closure, or the own loss of targets without a [link](super::Link).
    Tape(Option<CustomLoss<T>>),
    /// On slices: a built-in loss.
    Slices(SliceLoss),
}

impl<T: TrainTarget> Implementation<T> {
    /// The loss of a batch on the tape: the closure's or the target's own.
    fn on_tape(&self, targets: &T, output: OutputTensor<T>, rows: &[usize]) -> LossTensor {
        match self {
            Self::Tape(Some(custom)) => custom.loss(output, target_tensor(targets, rows)),
            Self::Tape(None) | Self::Slices(_) => targets.loss(output, rows),
        }
    }
}

impl<'a, T: TrainTarget> Criterion<'a, T> {
    /// The loss of `recipe` for a training on the rows of `view`, which also give balanced class weights.
    ///
    /// # Errors
    /// [`Failure::Build`] if the recipe does not go with the data, which a search checks before any training;
    /// [`Failure::Scoring`] if all the rows have the weight 0.
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

    /// The transform of the targets, fitted on the rows of the training.
    pub(crate) fn scaler(&self) -> Option<&TargetScaler> {
        self.scaler.as_ref()
    }

    /// The data.
    pub(crate) fn data(&self) -> &'a Dataset<T> {
        self.data
    }

    /// The sum of the weights of `rows`: their number where each weighs 1.
    pub(crate) fn weight(&self, rows: &[usize]) -> f64 {
        self.weights.of_all(rows)
    }

    /// The loss of `rows`, of which `output` holds the network's outputs row-major. Writes its derivative by the output
    /// to `gradient`. Except for a loss on the tape, a batch no larger than an earlier one allocates nothing.
    ///
    /// # Errors
    /// [`Failure::Device`] if the loss is on the tape and there is not the memory.
    pub(crate) fn gradient(&mut self, output: &[f32], rows: &[usize], gradient: &mut [f32]) -> Result<f32, Failure> {
        let targets = &*self.targets;
        match &mut self.implementation {
            Implementation::Slices(slices) => Ok(slices.gradient(targets, &self.weights, output, rows, gradient)),
            Implementation::Tape(own) => taped_loss(own.as_ref(), targets, output, rows, Some(gradient)),
        }
    }

    /// The same on the tape: the value of the loss, and a scalar whose backward pass has the loss's gradient.
    ///
    /// The target's own loss runs on the tape. Another is computed on slices; the scalar is then the sum of the outputs
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

    /// The loss of `rows` in `f64`, of which `output` holds the outputs of an evaluation pass row-major. It is the loss
    /// that training minimises, with its smoothing and its weights. An output that is not finite makes the loss not
    /// finite.
    ///
    /// # Errors
    /// [`Failure::Scoring`] if all the rows have the weight 0; [`Failure::Device`] if the loss is on the tape and
    /// there is not the memory.
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

/// A loss on the tape, a closure's or else the target's own, of outputs in a slice.
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
        // Targets with a link have a loss on slices. The branch is on a constant, so that their tape is not compiled.
        None if const { T::LINK.is_none() } => {
            on_slices::<T>(|output| targets.loss(output, rows), output, rows.len(), gradient)
        }
        None => unreachable!("targets with a link have a loss on slices"),
    }
}
