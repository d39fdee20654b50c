//! The learning rate and the momentum at a moment of a training.

use std::f64::consts::PI;

use super::{Schedule, Shape, WarmUp};

/// A moment of a training, before a step of the optimizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Epochs of the whole training.
    pub(crate) epochs: usize,
    /// The optimizer's steps in an epoch.
    pub(crate) steps: usize,
    /// The epoch, from 0.
    pub(crate) epoch: usize,
    /// The step of the epoch, from 0.
    pub(crate) step: usize,
}

impl Moment {
    pub(super) fn steps_so_far(self) -> usize {
        self.epoch * self.steps + self.step
    }
}

impl Schedule {
    /// The learning rate at a moment of a training whose recipe has the learning rate `base`.
    pub(crate) fn lr(&self, base: f64, now: Moment) -> f64 {
        let (now, share) = self.warmed(now);
        let t = if self.by_step { now.steps_so_far() } else { now.epoch };
        let lr = match &self.shape {
            // The training loop lowers the base.
            Shape::Constant | Shape::Plateau(_) => base,
            Shape::Step { size, gamma } => base * power(*gamma, t / size),
            Shape::MultiStep { milestones, gamma } => {
                base * power(*gamma, milestones.iter().filter(|&&milestone| milestone <= t).count())
            }
            Shape::Exponential { gamma } => base * power(*gamma, t),
            Shape::Cosine { eta_min } => {
                let end = if self.by_step { now.epochs * now.steps } else { now.epochs };
                cosine(base, *eta_min, t, end)
            }
            Shape::CosineRestarts { t_0, t_mult, eta_min } => {
                let (t, cycle) = of_cycle(t, *t_0, *t_mult);
                cosine(base, *eta_min, t, cycle)
            }
            Shape::OneCycle(cycle) => cycle.lr(base, now),
        };
        lr * share
    }

    /// The momentum at a moment, where the schedule sets it.
    pub(crate) fn momentum(&self, now: Moment) -> Option<f64> {
        match &self.shape {
            Shape::OneCycle(cycle) => cycle.momentum_at(self.warmed(now).0),
            _ => None,
        }
    }

    /// The moment on the schedule's own clock, which begins after the warm-up, and the warm-up's share of its learning
    /// rate.
    fn warmed(&self, now: Moment) -> (Moment, f64) {
        let Some(WarmUp { epochs, start_factor }) = self.warm_up else { return (now, 1.0) };
        let left = now.epochs.saturating_sub(epochs).max(1);
        match now.epoch.checked_sub(epochs) {
            Some(epoch) => (Moment { epochs: left, epoch, ..now }, 1.0),
            None => {
                let done = now.steps_so_far() as f64 / (epochs as f64 * now.steps as f64);
                (Moment { epochs: left, epoch: 0, step: 0, ..now }, start_factor + (1.0 - start_factor) * done)
            }
        }
    }
}

/// Half a cosine from `base` at 0 down to `eta_min` at `end`.
fn cosine(base: f64, eta_min: f64, t: usize, end: usize) -> f64 {
    eta_min + (base - eta_min) * (1.0 + libm::cos(PI * t as f64 / end as f64)) / 2.0
}

/// The place of `t` in its cycle, and the length of that. The first cycle has the length `t_0`, each later one `t_mult`
/// times that of the one before.
fn of_cycle(t: usize, t_0: usize, t_mult: usize) -> (usize, usize) {
    if t_mult == 1 {
        return (t % t_0, t_0);
    }
    let (mut t, mut cycle) = (t, t_0);
    while t >= cycle {
        t -= cycle;
        cycle = cycle.saturating_mul(t_mult);
    }
    (t, cycle)
}

fn power(gamma: f64, times: usize) -> f64 {
    dropgrid_kernel::power(gamma, i32::try_from(times).unwrap_or(i32::MAX))
}
