//! From gradients to steps: the one place where parameters change, for programs and for the tape.

use super::optimizer_state::OptimizerState;
use crate::{
    error::Failure,
    kernel::{
        AlignedVec,
        update::{add_scaled, clamp, follow, scale, sum_of_squares},
    },
    recipe::{Moment, Train},
    train::checkpoint::{StateReader, StateWriter},
};

/// What the recipe makes of gradients, with its state: whatever path computed them hands them over as one slice.
///
/// Gradients of several batches become one where the recipe accumulates; that one is clipped, by value and then by norm;
/// the optimizer makes a step of it, at the learning rate of the schedule; and the average of the weights follows.
pub(super) struct Update {
    recipe: Train,
    optimizer: OptimizerState,
    accumulated: Option<GradientSum>,
    average: Option<WeightAverage>,
    /// Batches of an epoch.
    batches: usize,
    /// Batches of this epoch so far.
    batch: usize,
    moment: Moment,
}

impl Update {
    /// At the start of a fit of `len` parameters on `rows` rows.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
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

    /// Takes the gradients of the loss of a batch that counts `count`, which it may use up, and says whether the
    /// parameters have changed.
    pub(super) fn batch(&mut self, count: f64, parameters: &mut [f32], gradients: &mut [f32]) -> bool {
        self.batch += 1;
        let is_last = self.batch == self.batches;
        if let Some(accumulated) = &mut self.accumulated {
            accumulated.add(count, gradients);
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

    /// The learning rate of the next step.
    pub(super) fn lr(&self) -> f64 {
        self.recipe.schedule.lr(self.recipe.lr, self.moment)
    }

    /// The learning rate that the schedule is of, from the next step on.
    pub(super) fn set_lr(&mut self, lr: f64) {
        self.recipe.lr = lr;
    }

    fn step(&mut self, parameters: &mut [f32], gradients: &mut [f32]) {
        if let Some(limit) = self.recipe.clip_value {
            clamp(gradients, limit as f32);
        }
        if let Some(limit) = self.recipe.clip_norm {
            // PyTorch's `clip_grad_norm_`, with what it adds to the norm.
            let share = limit / (sum_of_squares(gradients).sqrt() + 1e-6);
            if share < 1.0 {
                scale(gradients, share as f32);
            }
        }
        let momentum = self.recipe.schedule.momentum(self.moment);
        self.optimizer.step(self.lr(), momentum, parameters, gradients);
        if let Some(average) = &mut self.average {
            average.add(parameters);
        }
        self.moment.step += 1;
    }

    /// Writes what the steps of whole epochs have changed, beside the parameters.
    pub(super) fn write(&self, to: &mut StateWriter) {
        to.count(self.moment.epoch);
        to.double(self.recipe.lr);
        self.optimizer.write(to);
        if let Some(average) = &self.average {
            to.byte(average.has_begun.into());
            to.singles(&average.numbers);
        }
    }

    /// Reads what [`write`](Self::write) wrote of a training by the same recipe; `None` where it was another.
    pub(super) fn read(&mut self, from: &mut StateReader<'_>) -> Option<()> {
        self.moment = Moment { epoch: from.count()?, step: 0, ..self.moment };
        self.recipe.lr = from.double()?;
        self.optimizer.read(from)?;
        if let Some(average) = &mut self.average {
            average.has_begun = from.byte()? == 1;
            from.singles(&mut average.numbers)?;
        }
        Some(())
    }

    /// The weights that are scored and kept: their average where the recipe asks for one, else `parameters` as they are.
    pub(super) fn kept<'a>(&'a self, parameters: &'a [f32]) -> &'a [f32] {
        self.average.as_ref().map_or(parameters, |average| average.numbers(parameters))
    }

    /// Whether what is scored is not what is trained on.
    pub(super) fn averages(&self) -> bool {
        self.average.is_some()
    }
}

/// The sum of gradients of several batches.
struct GradientSum {
    sum: AlignedVec,
    batches: usize,
    count: f64,
}

impl GradientSum {
    fn new(len: usize) -> Result<Self, Failure> {
        Ok(Self { sum: AlignedVec::filled(0.0, len)?, batches: 0, count: 0.0 })
    }

    /// Adds the mean gradients of a batch that counts `count`.
    fn add(&mut self, count: f64, gradients: &[f32]) {
        add_scaled(gradients, count as f32, &mut self.sum);
        self.batches += 1;
        self.count += count;
    }

    /// Gives the mean over all that was counted, and begins anew. Rows that count nothing have no gradients.
    fn take(&mut self, gradients: &mut [f32]) {
        gradients.copy_from_slice(&self.sum);
        if self.count > 0.0 {
            scale(gradients, (1.0 / self.count) as f32);
        }
        self.sum.fill(0.0);
        (self.batches, self.count) = (0, 0.0);
    }
}

/// The exponential moving average of the weights.
struct WeightAverage {
    /// 1 less the decay.
    share: f32,
    numbers: AlignedVec,
    has_begun: bool,
}

impl WeightAverage {
    fn new(decay: f64, len: usize) -> Result<Self, Failure> {
        Ok(Self { share: (1.0 - decay) as f32, numbers: AlignedVec::filled(0.0, len)?, has_begun: false })
    }

    /// Follows the parameters after a step. The average begins with those of the first step, so it has no bias towards
    /// where it began that would have to be corrected.
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
