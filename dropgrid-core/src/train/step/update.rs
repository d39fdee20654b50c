//! The update of the parameters from gradients. It is the only place where parameters change, for programs and for the
//! tape.

use super::optimizer_state::OptimizerState;
use crate::{
    error::Failure,
    kernel::{
        AlignedVec,
        update::{add_scaled, clamp, follow, scale, sum_of_squares},
    },
    recipe::{Moment, Train},
    train::checkpoint::StateCodec,
};

/// Updates the parameters with the gradients of each batch, and holds the state for that. Both backends pass their
/// gradients as one slice.
///
/// An update has four parts. It sums the gradients of several batches if the recipe accumulates. It clips the result,
/// by value and then by norm. The optimizer takes a step at the learning rate of the schedule. The moving average of
/// the weights is updated.
pub(crate) struct Update {
    recipe: Train,
    optimizer: OptimizerState,
    accumulated: Option<GradientSum>,
    average: Option<WeightAverage>,
    /// The number of batches in an epoch.
    batches: usize,
    /// The number of batches taken in this epoch.
    batch: usize,
    moment: Moment,
}

impl Update {
    /// Makes the state before the first step of a training of `len` parameters on `rows` rows.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out.
    pub(super) fn new(recipe: &Train, len: usize, rows: usize) -> Result<Self, Failure> {
        let batches = recipe.batches(rows);
        let steps = batches.div_ceil(recipe.accumulate);
        Ok(Self {
            optimizer: OptimizerState::new(recipe, len)?,
            accumulated: (recipe.accumulate > 1).then(|| GradientSum::new(len)).transpose()?,
            average: recipe.ema.map(|decay| WeightAverage::new(decay, len)).transpose()?,
            batches,
            batch: 0,
            moment: Moment { epochs: recipe.epochs, steps, epoch: 0, step: 0 },
            recipe: recipe.clone(),
        })
    }

    /// Takes the mean gradients of a batch whose rows have the total weight `weight`. It may overwrite `gradients`.
    /// Returns true if the parameters have changed.
    pub(super) fn batch(&mut self, weight: f64, parameters: &mut [f32], gradients: &mut [f32]) -> bool {
        self.batch += 1;
        let is_last = self.batch == self.batches;
        if let Some(accumulated) = &mut self.accumulated {
            accumulated.add(weight, gradients);
            if accumulated.batches < self.recipe.accumulate && !is_last {
                return false;
            }
            accumulated.take(gradients);
        }
        self.step(parameters, gradients);
        if is_last {
            self.batch = 0;
            self.moment = Moment { epoch: self.moment.epoch + 1, step: 0, ..self.moment };
        }
        true
    }

    /// Returns the learning rate of the next step.
    pub(in crate::train) fn lr(&self) -> f64 {
        self.recipe.schedule.lr(self.recipe.lr, self.moment)
    }

    /// Sets the base learning rate of the schedule from the next step on.
    pub(in crate::train) fn set_lr(&mut self, lr: f64) {
        self.recipe.lr = lr;
    }

    fn step(&mut self, parameters: &mut [f32], gradients: &mut [f32]) {
        if let Some(limit) = self.recipe.clip_value {
            clamp(gradients, limit as f32);
        }
        if let Some(limit) = self.recipe.clip_norm {
            // As PyTorch's `clip_grad_norm_`, with the 1e-6 that it adds to the norm.
            let share = limit / (sum_of_squares(gradients).sqrt() + 1e-6);
            if share < 1.0 {
                scale(gradients, share as f32);
            }
        }
        let momentum = self.recipe.schedule.momentum(self.moment);
        self.optimizer.step(self.lr(), momentum, parameters, gradients);
        if let Some(average) = &mut self.average {
            average.add(self.optimizer.average().unwrap_or(parameters));
        }
        self.moment.step += 1;
    }

    /// Writes or reads the state after a complete epoch, without the parameters. `None` if the stored state is of
    /// another recipe.
    pub(super) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        codec.count(&mut self.moment.epoch)?;
        codec.double(&mut self.recipe.lr)?;
        self.optimizer.code(codec)?;
        if let Some(average) = &mut self.average {
            codec.flag(&mut average.has_begun)?;
            codec.singles(&mut average.numbers)?;
        }
        Some(())
    }

    /// Returns the weights to score and save: the optimizer's average if it has one, else `parameters`, or their moving
    /// average if the recipe asks for one.
    pub(super) fn weights<'a>(&'a self, parameters: &'a [f32]) -> &'a [f32] {
        let weights = self.optimizer.average().unwrap_or(parameters);
        self.average.as_ref().map_or(weights, |average| average.numbers(weights))
    }

    /// Returns true if the weights to score are an average, and not the trained weights.
    pub(super) fn averages(&self) -> bool {
        self.average.is_some() || self.optimizer.averages()
    }
}

/// The weighted sum of the gradients of several batches.
struct GradientSum {
    sum: AlignedVec,
    batches: usize,
    weight: f64,
}

impl GradientSum {
    fn new(len: usize) -> Result<Self, Failure> {
        Ok(Self { sum: AlignedVec::filled(0.0, len)?, batches: 0, weight: 0.0 })
    }

    /// Adds the mean gradients of a batch whose rows have the total weight `weight`.
    fn add(&mut self, weight: f64, gradients: &[f32]) {
        add_scaled(gradients, weight as f32, &mut self.sum);
        self.batches += 1;
        self.weight += weight;
    }

    /// Writes the mean over all rows to `gradients`, and resets the sum to 0. Rows of weight 0 have gradients of 0.
    fn take(&mut self, gradients: &mut [f32]) {
        gradients.copy_from_slice(&self.sum);
        if self.weight > 0.0 {
            scale(gradients, (1.0 / self.weight) as f32);
        }
        self.sum.fill(0.0);
        (self.batches, self.weight) = (0, 0.0);
    }
}

/// The exponential moving average of the weights.
struct WeightAverage {
    /// 1 minus the decay.
    share: f32,
    numbers: AlignedVec,
    has_begun: bool,
}

impl WeightAverage {
    fn new(decay: f64, len: usize) -> Result<Self, Failure> {
        Ok(Self { share: (1.0 - decay) as f32, numbers: AlignedVec::filled(0.0, len)?, has_begun: false })
    }

    /// Moves the average towards the parameters after a step. It starts from the parameters after the first step, so it
    /// needs no bias correction.
    fn add(&mut self, parameters: &[f32]) {
        if self.has_begun {
            follow(&mut self.numbers, parameters, self.share);
        } else {
            self.numbers.copy_from_slice(parameters);
            self.has_begun = true;
        }
    }

    fn numbers<'a>(&'a self, parameters: &'a [f32]) -> &'a [f32] {
        if self.has_begun { &self.numbers } else { parameters }
    }
}
