//! One cycle of the learning rate and the momentum.

use std::{f64::consts::PI, fmt};

use super::{Moment, Schedule, Shape};

/// One cycle ([Smith and Topin 2018](https://arxiv.org/abs/1708.07120)): the learning rate rises to the recipe's own
/// along half a cosine, then falls far below where it began, along another.
///
/// PyTorch's `OneCycleLR` with `max_lr` the recipe's learning rate and its defaults otherwise: two phases, cosines. Of
/// [three phases](Self::three_phase), as in the paper, the second goes back to where the first began, and the third
/// falls from there; [lines](Annealing::Linear) in place of cosines are the paper's, too. A momentum moves against it:
/// that of SGD and RMSprop where the recipe sets one, and the first decay of Adam.
///
/// In N steps, the first phase ends at step p N - 1, with p = `pct_start`, the second of three at 2 p N - 2, and the
/// last at N - 1.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::{Annealing, OneCycle, Schedule};
/// assert_eq!(Schedule::from(OneCycle::default()), Schedule::one_cycle());
/// assert_eq!(Schedule::from(OneCycle { momentum: None, ..OneCycle::default() }).to_string(), "one_cycle(0.3,25,10000)");
/// let papers = OneCycle { annealing: Annealing::Linear, three_phase: true, ..OneCycle::default() };
/// assert_eq!(Schedule::from(papers).to_string(), "one_cycle linear three_phase");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneCycle {
    /// The share of the steps in which the learning rate rises.
    pub pct_start: f64,
    /// The recipe's learning rate divided by the first one.
    pub div_factor: f64,
    /// The first learning rate divided by the last one.
    pub final_div_factor: f64,
    /// The momentum at the highest learning rate, and the one at the beginning and the end; none leaves it as it is.
    pub momentum: Option<(f64, f64)>,
    /// The curve of the learning rate and the momentum from one end of a phase to the other: PyTorch's
    /// `anneal_strategy`.
    pub annealing: Annealing,
    /// True where the learning rate goes back to where it began as slowly as it rose, before it falls far below.
    pub three_phase: bool,
}

/// A curve from one number to another.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Annealing {
    /// Half a cosine: slow at both ends.
    #[default]
    Cosine,
    /// A line.
    Linear,
}

/// Writes it as Rust source does.
impl fmt::Debug for Annealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cosine => "Annealing::Cosine",
            Self::Linear => "Annealing::Linear",
        })
    }
}

impl Annealing {
    /// The number at `share` of the way from `start` to `end`. A way of no length is at its end.
    fn between(self, start: f64, end: f64, share: f64) -> f64 {
        let share = if share.is_nan() { 1.0 } else { share };
        match self {
            Self::Cosine => end + (start - end) / 2.0 * (1.0 + libm::cos(PI * share)),
            Self::Linear => start + (end - start) * share,
        }
    }
}

impl Default for OneCycle {
    /// PyTorch's: 30 %, 25, 10000, a momentum between 0.85 and 0.95, and two phases along cosines.
    fn default() -> Self {
        Self {
            pct_start: 0.3,
            div_factor: 25.0,
            final_div_factor: 1e4,
            momentum: Some((0.85, 0.95)),
            annealing: Annealing::Cosine,
            three_phase: false,
        }
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
        self.along(now, [first, base, first, first / self.final_div_factor])
    }

    pub(super) fn momentum_at(&self, now: Moment) -> Option<f64> {
        self.momentum.map(|(low, high)| self.along(now, [high, low, high, high]))
    }

    /// Between the ends of three phases, or of two, which leave the third number out.
    fn along(&self, now: Moment, [first, top, back, last]: [f64; 4]) -> f64 {
        let all = (now.epochs * now.steps) as f64;
        let (rises, end) = (self.pct_start * all, all - 1.0);
        let phases = [(rises - 1.0, first, top), (2.0 * rises - 2.0, top, back)];
        let t = now.steps_so_far() as f64;
        let mut begin = 0.0;
        for &(end, from, to) in &phases[..if self.three_phase { 2 } else { 1 }] {
            if t <= end {
                return self.annealing.between(from, to, (t - begin) / (end - begin));
            }
            begin = end;
        }
        self.annealing.between(if self.three_phase { back } else { top }, last, (t - begin) / (end - begin))
    }

    /// The expected value of the first number that is wrong.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let at_least_one = |factor: f64| factor >= 1.0 && factor.is_finite();
        let (low, high) = self.momentum.unwrap_or((0.0, 0.0));
        if !(self.pct_start > 0.0 && self.pct_start < 1.0) {
            Some("a share of rising steps in (0, 1)")
        } else if self.three_phase && self.pct_start > 0.5 {
            Some("a share of rising steps of at most 0.5 where as many steps go back")
        } else if !(at_least_one(self.div_factor) && at_least_one(self.final_div_factor)) {
            Some("finite factors of at least 1")
        } else if !(low >= 0.0 && low <= high && high < 1.0) {
            Some("momentums in [0, 1), the lower one first")
        } else {
            None
        }
    }
}
