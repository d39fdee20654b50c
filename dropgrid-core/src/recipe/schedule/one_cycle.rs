//! One cycle of the learning rate and the momentum.

use std::f64::consts::PI;

use super::{Moment, Schedule, Shape};

/// One cycle ([Smith and Topin 2018](https://arxiv.org/abs/1708.07120)): the learning rate rises to the recipe's own
/// along half a cosine, then falls far below where it began, along another.
///
/// PyTorch's `OneCycleLR` with `max_lr` the recipe's learning rate and its defaults otherwise: two phases, cosines. A
/// momentum moves against it: that of SGD and RMSprop where the recipe sets one, and the first decay of Adam.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::{OneCycle, Schedule};
/// assert_eq!(Schedule::from(OneCycle::default()), Schedule::one_cycle());
/// assert_eq!(Schedule::from(OneCycle { momentum: None, ..OneCycle::default() }).to_string(), "one_cycle(0.3,25,10000)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneCycle {
    /// The share of the steps in which the learning rate rises.
    pub pct_start: f64,
    /// The first learning rate is the recipe's by this.
    pub div_factor: f64,
    /// The last learning rate is the first by this.
    pub final_div_factor: f64,
    /// The momentum at the highest learning rate, and the one at the beginning and the end; none leaves it as it is.
    pub momentum: Option<(f64, f64)>,
}

impl Default for OneCycle {
    /// PyTorch's: 30 %, 25, 10000, and a momentum between 0.85 and 0.95.
    fn default() -> Self {
        Self { pct_start: 0.3, div_factor: 25.0, final_div_factor: 1e4, momentum: Some((0.85, 0.95)) }
    }
}

impl From<OneCycle> for Schedule {
    fn from(cycle: OneCycle) -> Self {
        Self::of(Shape::OneCycle(cycle))
    }
}

impl OneCycle {
    pub(super) fn lr(&self, base: f64, now: Moment) -> f64 {
        let first = base / self.div_factor;
        self.along(now, [first, base, first / self.final_div_factor])
    }

    pub(super) fn momentum_at(&self, now: Moment) -> Option<f64> {
        self.momentum.map(|(low, high)| self.along(now, [high, low, high]))
    }

    /// Between the first two of three numbers while the learning rate rises, between the last two while it falls.
    fn along(&self, now: Moment, [first, middle, last]: [f64; 3]) -> f64 {
        let all = (now.epochs * now.steps) as f64;
        let (top, end) = (self.pct_start * all - 1.0, all - 1.0);
        let t = now.steps_so_far() as f64;
        if t <= top { between(first, middle, t / top) } else { between(middle, last, (t - top) / (end - top)) }
    }

    /// What is expected of the first number that is wrong.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let at_least_one = |factor: f64| factor >= 1.0 && factor.is_finite();
        let (low, high) = self.momentum.unwrap_or((0.0, 0.0));
        if !(self.pct_start > 0.0 && self.pct_start < 1.0) {
            Some("a share of rising steps in (0, 1)")
        } else if !(at_least_one(self.div_factor) && at_least_one(self.final_div_factor)) {
            Some("finite factors of at least 1")
        } else if !(low >= 0.0 && low <= high && high < 1.0) {
            Some("momentums in [0, 1), the lower one first")
        } else {
            None
        }
    }
}

/// From `start` to `end` along half a cosine. A way of no length is at its end.
fn between(start: f64, end: f64, share: f64) -> f64 {
    let share = if share.is_nan() { 1.0 } else { share };
    end + (start - end) / 2.0 * (1.0 + (PI * share).cos())
}
