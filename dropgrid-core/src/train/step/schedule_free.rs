//! The state of schedule-free AdamW, which scores other weights than those at which gradients are taken.

use crate::{
    error::Failure,
    kernel::{
        AlignedVec,
        update::{ScheduleFree, schedule_free},
    },
    recipe::Train,
    train::checkpoint::StateCodec,
};

/// Schedule-free AdamW. The weight of a step in the average is the square of the highest learning rate so far.
pub(super) struct ScheduleFreeAdamW {
    step: ScheduleFree,
    highest_lr: f64,
    /// The sum of the weights of all steps.
    weight: f64,
    moment2: AlignedVec,
    base: AlignedVec,
    average: AlignedVec,
}

impl ScheduleFreeAdamW {
    pub(super) fn new(recipe: &Train, len: usize) -> Result<Self, Failure> {
        let &Train { lr, beta1, beta2, eps, weight_decay: decay, .. } = recipe;
        let zeros = || AlignedVec::filled(0.0, len);
        Ok(Self {
            step: ScheduleFree { lr, beta1, beta2, eps, decay, share: 1.0, t: 0 },
            highest_lr: 0.0,
            weight: 0.0,
            moment2: zeros()?,
            base: zeros()?,
            average: zeros()?,
        })
    }

    pub(super) fn step(&mut self, lr: f64, momentum: Option<f64>, parameters: &mut [f32], gradients: &[f32]) {
        if self.step.t == 0 {
            self.base.copy_from_slice(parameters);
            self.average.copy_from_slice(parameters);
        }
        self.highest_lr = self.highest_lr.max(lr);
        let weight = self.highest_lr * self.highest_lr;
        self.weight += weight;
        let step = &mut self.step;
        step.lr = lr;
        step.beta1 = momentum.unwrap_or(step.beta1);
        step.share = if self.weight > 0.0 { weight / self.weight } else { 0.0 };
        step.t = step.t.saturating_add(1);
        schedule_free(*step, parameters, gradients, &mut self.moment2, &mut self.base, &mut self.average);
    }

    /// Returns the average; `None` before the first step.
    pub(super) fn average(&self) -> Option<&[f32]> {
        (self.step.t > 0).then_some(&*self.average)
    }

    pub(super) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        codec.steps(&mut self.step.t)?;
        codec.double(&mut self.highest_lr)?;
        codec.double(&mut self.weight)?;
        codec.singles(&mut self.moment2)?;
        codec.singles(&mut self.base)?;
        codec.singles(&mut self.average)
    }
}
