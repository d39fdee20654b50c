//! The loss of a fit.

use dfdx::{
    tensor::{AsArray, Cpu, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo, TryMul},
};

use super::{
    CustomLoss, LossTensor, OutputTensor, TargetTensor, TrainTarget, row_weights::RowWeights, slice_loss::SliceLoss,
    wanted,
};
use crate::{
    data::{Dataset, Fit, batches::Sample},
    error::{Failure, ScoringError},
    model::device,
    recipe::Train,
};

/// What a fit makes small: the recipe's loss, with what it takes from the rows that are trained on.
///
/// The loss of some rows is Σ w l / Σ w, where w is what a row [counts](RowWeights).
pub(crate) struct Criterion<'a, T: TrainTarget> {
    data: &'a Dataset<T>,
    implementation: Implementation<T>,
    counts: RowWeights<'a>,
}

enum Implementation<T: TrainTarget> {
    /// A closure, or the loss of targets whose outputs dropgrid does not know how to read.
    Tape(Option<CustomLoss<T>>),
    Slices(SliceLoss),
}

impl<T: TrainTarget> Implementation<T> {
    /// The loss of a batch on the tape: the closure's, or the target's own.
    fn on_tape(&self, targets: &T, output: OutputTensor<T>, rows: &[usize]) -> LossTensor {
        match self {
            Self::Tape(Some(custom)) => custom.loss(output, wanted(targets, rows)),
            Self::Tape(None) | Self::Slices(_) => targets.loss(output, rows),
        }
    }
}

impl<'a, T: TrainTarget> Criterion<'a, T> {
    /// The loss of `recipe` for a fit on the rows of `view`, on which balanced weights are counted.
    ///
    /// # Errors
    /// [`Failure::Build`] where the recipe does not go with the data, which a search knows before any training;
    /// [`Failure::Scoring`] where all the rows count nothing.
    pub(crate) fn new(view: &Fit<'a, T>, recipe: &Train) -> Result<Self, Failure> {
        let data = view.data();
        super::check(recipe, data)?;
        let counts = RowWeights::new(view, recipe);
        if counts.of_all(view.rows()) == 0.0 {
            return Err(Failure::Scoring(ScoringError::ZeroWeights { rows: view.len() }));
        }
        let own = recipe.own_loss.as_ref().and_then(CustomLoss::of);
        let implementation = match T::LINK {
            Some(link) if own.is_none() => Implementation::Slices(SliceLoss::new(link, recipe, view, &counts)),
            _ => Implementation::Tape(own.cloned()),
        };
        Ok(Self { data, implementation, counts })
    }

    /// The data whose rows it is a loss of.
    pub(crate) fn data(&self) -> &'a Dataset<T> {
        self.data
    }

    /// What `rows` count together: their number, where each counts 1.
    pub(crate) fn count(&self, rows: &[usize]) -> f64 {
        self.counts.of_all(rows)
    }

    /// From the network's output for `rows`, row-major, to their loss, and its derivative by the output in `gradient`.
    /// A batch that is no larger than those before it allocates nothing, but for a loss of the tape.
    ///
    /// # Errors
    /// [`Failure::Device`] where the loss is one of the tape and the device cannot allocate.
    pub(crate) fn gradient(&mut self, output: &[f32], rows: &[usize], gradient: &mut [f32]) -> Result<f32, Failure> {
        let targets = self.data.targets();
        if let Implementation::Slices(slices) = &mut self.implementation {
            return Ok(slices.gradient(targets, &self.counts, output, rows, gradient));
        }
        let output = leaf::<T>(output, rows.len())?;
        let loss = self.implementation.on_tape(targets, output.leaky_trace(), rows);
        let value = loss.array();
        loss.try_backward().map_err(device)?.get(&output).copy_into(gradient);
        Ok(value)
    }

    /// As [`gradient`](Self::gradient), on the tape: the loss, and what takes its gradient back.
    ///
    /// The target's own loss is the tape's. Others are computed on slices; the sum of the outputs times their gradient
    /// has that gradient.
    ///
    /// # Errors
    /// [`Failure::Device`] where the device cannot allocate.
    pub(crate) fn taped(&mut self, output: OutputTensor<T>, rows: &[usize]) -> Result<(f32, LossTensor), Failure> {
        let is_taped = match &self.implementation {
            Implementation::Tape(_) => true,
            Implementation::Slices(slices) => slices.is_plain(),
        };
        if is_taped {
            let loss = self.implementation.on_tape(self.data.targets(), output, rows);
            return Ok((loss.array(), loss));
        }
        let values = output.as_vec();
        let mut gradient = vec![0.0; values.len()];
        let value = self.gradient(&values, rows, &mut gradient)?;
        let gradient = leaf::<T>(&gradient, rows.len())?;
        Ok((value, output.try_mul(gradient).and_then(SumTo::try_sum).map_err(device)?))
    }

    /// The loss of `rows` in `f64`, from what an evaluation pass gives for all of them, row-major. It is what training
    /// makes small, with its smoothing and its weights; an output that is no number shows.
    ///
    /// # Errors
    /// [`Failure::Scoring`] where the rows count nothing; [`Failure::Device`] where the loss is one of the tape and the
    /// device cannot allocate.
    pub(crate) fn evaluation_loss(&self, output: &[f32], rows: &[usize]) -> Result<f64, Failure> {
        let targets = self.data.targets();
        let Implementation::Slices(slices) = &self.implementation else {
            let output = leaf::<T>(output, rows.len())?.leaky_trace();
            return Ok(self.implementation.on_tape(targets, output, rows).array().into());
        };
        let count = self.count(rows);
        if count == 0.0 {
            return Err(Failure::Scoring(ScoringError::ZeroWeights { rows: rows.len() }));
        }
        Ok(slices.sum(targets, &self.counts, output, rows) / count)
    }
}

/// Numbers as a batch of outputs.
fn leaf<T: TrainTarget>(values: &[f32], rows: usize) -> Result<TargetTensor<T>, Failure> {
    Cpu::default().try_tensor_from_vec(values.to_vec(), T::Output::batch(rows)).map_err(device)
}
