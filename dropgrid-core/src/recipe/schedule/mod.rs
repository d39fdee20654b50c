//! The learning rate over a training.

mod moment;
mod one_cycle;
mod plateau;
mod text;

pub(crate) use moment::Moment;
pub use one_cycle::{Annealing, OneCycle};
pub use plateau::{ReduceOnPlateau, Threshold};

use serde::{Deserialize, Serialize};

use super::Train;
use crate::error::{Error, Result};

/// A schedule of the learning rate over a training, starting from the recipe's own [`lr`](Train::lr).
///
/// Below, η is the recipe's learning rate and t counts epochs from 0, or the optimizer's steps
/// [where asked](Self::by_step), T being all of them.
///
/// | schedule | learning rate at t | in PyTorch |
/// |---|---|---|
/// | [`constant`](Self::constant) | η | none |
/// | [`step`](Self::step) | η γ^⌊t / size⌋ | `StepLR` |
/// | [`multi_step`](Self::multi_step) | η γ^n, n milestones being at or before t | `MultiStepLR` |
/// | [`exponential`](Self::exponential) | η γ^t | `ExponentialLR` |
/// | [`cosine`](Self::cosine) | m + (η - m) (1 + cos(π t / T)) / 2 | `CosineAnnealingLR` with `T_max` = T |
/// | [`cosine_restarts`](Self::cosine_restarts) | m + (η - m) (1 + cos(π t′ / T′)) / 2, at t′ of a cycle of T′ | `CosineAnnealingWarmRestarts` |
/// | [`one_cycle`](Self::one_cycle) | up to η and down again, by step | `OneCycleLR` with `max_lr` = η |
/// | [`reduce_on_plateau`](Self::reduce_on_plateau) | lower where nothing gets better | `ReduceLROnPlateau` |
///
/// Each may begin with a [warm-up](Self::warm_up).
///
/// The text of a schedule, in results and files, is that of its methods: `step(10,0.1)`,
/// `cosine by_step warm_up(5)`.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::{OneCycle, Schedule, Train};
/// let schedules = [
///     Schedule::cosine().by_step().warm_up(5),
///     Schedule::step(30, 0.1),
///     Schedule::from(OneCycle { pct_start: 0.2, ..OneCycle::default() }),
/// ];
/// assert_eq!(schedules.map(|schedule| schedule.to_string()), [
///     "cosine by_step warm_up(5)", "step(30,0.1)", "one_cycle(0.2,25,10000,0.85,0.95)",
/// ]);
/// assert_eq!("exponential(0.9)".parse::<Schedule>()?, Schedule::exponential(0.9));
/// let error = Train::sgd(0.1).schedule(Schedule::exponential(0.0)).check().unwrap_err();
/// assert_eq!(error.to_string(), "schedule is exponential(0), expected a positive, finite gamma");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Schedule {
    shape: Shape,
    by_step: bool,
    warm_up: Option<WarmUp>,
}

#[derive(Clone, PartialEq, Default)]
enum Shape {
    #[default]
    Constant,
    Step {
        size: usize,
        gamma: f64,
    },
    MultiStep {
        milestones: Vec<usize>,
        gamma: f64,
    },
    Exponential {
        gamma: f64,
    },
    Cosine {
        eta_min: f64,
    },
    CosineRestarts {
        t_0: usize,
        t_mult: usize,
        eta_min: f64,
    },
    OneCycle(OneCycle),
    Plateau(ReduceOnPlateau),
}

/// A linear way up to the learning rate of the schedule's beginning.
#[derive(Clone, Copy, PartialEq)]
struct WarmUp {
    epochs: usize,
    start_factor: f64,
}

/// The share at which PyTorch's `LinearLR` begins.
const START_FACTOR: f64 = 1.0 / 3.0;

impl Schedule {
    /// One learning rate.
    pub fn constant() -> Self {
        Self::default()
    }

    /// The learning rate times `gamma` after every `size` epochs.
    pub fn step(size: usize, gamma: f64) -> Self {
        Self::of(Shape::Step { size, gamma })
    }

    /// The learning rate times `gamma` after each of the numbers of epochs `milestones`, which ascend.
    pub fn multi_step(milestones: impl Into<Vec<usize>>, gamma: f64) -> Self {
        Self::of(Shape::MultiStep { milestones: milestones.into(), gamma })
    }

    /// The learning rate times `gamma` after every epoch.
    pub fn exponential(gamma: f64) -> Self {
        Self::of(Shape::Exponential { gamma })
    }

    /// Half a cosine from the recipe's learning rate down to 0 at the end of the training
    /// ([Loshchilov and Hutter 2017](https://arxiv.org/abs/1608.03983), without restarts).
    pub fn cosine() -> Self {
        Self::cosine_to(0.0)
    }

    /// Half a cosine as [`cosine`](Self::cosine), down to `eta_min`.
    pub fn cosine_to(eta_min: f64) -> Self {
        Self::of(Shape::Cosine { eta_min })
    }

    /// Half a cosine from the recipe's learning rate down to 0 in `t_0` epochs, then again from the start in `t_mult`
    /// times as many, and so on ([Loshchilov and Hutter 2017](https://arxiv.org/abs/1608.03983), equation 5).
    ///
    /// [By step](Self::by_step), `t_0` counts steps: the learning rate then falls within epochs, too.
    pub fn cosine_restarts(t_0: usize, t_mult: usize) -> Self {
        Self::cosine_restarts_to(t_0, t_mult, 0.0)
    }

    /// Half cosines as [`cosine_restarts`](Self::cosine_restarts), down to `eta_min`.
    pub fn cosine_restarts_to(t_0: usize, t_mult: usize, eta_min: f64) -> Self {
        Self::of(Shape::CosineRestarts { t_0, t_mult, eta_min })
    }

    /// [One cycle](OneCycle) with PyTorch's settings: from 1/25 of the recipe's learning rate up to it in 30 % of the
    /// steps, then down to 1/250000.
    pub fn one_cycle() -> Self {
        OneCycle::default().into()
    }

    /// A [fall to a tenth](ReduceOnPlateau) where the [monitored](Train::monitor) quantity has not got better for more
    /// than 10 epochs, with PyTorch's other settings.
    pub fn reduce_on_plateau() -> Self {
        ReduceOnPlateau::default().into()
    }

    fn of(shape: Shape) -> Self {
        Self { shape, by_step: false, warm_up: None }
    }

    /// Counts the optimizer's steps in place of epochs, in the sizes and milestones too. One cycle always does.
    pub fn by_step(self) -> Self {
        Self { by_step: true, ..self }
    }

    /// Begins with `epochs` epochs in which the learning rate rises, step by step and linearly, from a third of the one
    /// that the schedule begins with up to it. The schedule then runs over the epochs that are left.
    ///
    /// PyTorch's `SequentialLR` of a `LinearLR` and the schedule.
    pub fn warm_up(self, epochs: usize) -> Self {
        self.warm_up_from(START_FACTOR, epochs)
    }

    /// Begins as [`warm_up`](Self::warm_up) does, from the share `start_factor`.
    pub fn warm_up_from(self, start_factor: f64, epochs: usize) -> Self {
        Self { warm_up: Some(WarmUp { epochs, start_factor }), ..self }
    }

    /// True where the first epochs of a longer training are not those of a shorter one.
    fn depends_on_epochs(&self) -> bool {
        matches!(self.shape, Shape::Cosine { .. } | Shape::OneCycle(_))
    }

    /// True where the schedule looks at the monitored quantity.
    pub(crate) fn needs_validation(&self) -> bool {
        self.plateau().is_some()
    }

    /// The rule of a schedule that falls on a plateau.
    pub(crate) fn plateau(&self) -> Option<ReduceOnPlateau> {
        if let Shape::Plateau(plateau) = self.shape { Some(plateau) } else { None }
    }

    /// Checks every number.
    pub(super) fn check(&self) -> Result<()> {
        let refused = |fine: bool, expected| {
            if fine { Ok(()) } else { Err(Error::Setting { setting: "schedule", value: self.to_string(), expected }) }
        };
        let positive = |value: f64| value > 0.0 && value.is_finite();
        const GAMMA: &str = "a positive, finite gamma";
        const ETA_MIN: &str = "a finite lowest learning rate of at least 0";
        match &self.shape {
            Shape::Constant => Ok(()),
            Shape::Step { size, gamma } => {
                refused(*size > 0, "a size of at least 1")?;
                refused(positive(*gamma), GAMMA)
            }
            Shape::MultiStep { milestones, gamma } => {
                let ascend =
                    milestones.is_sorted_by(|a, b| a < b) && milestones.first().is_some_and(|&first| first > 0);
                refused(ascend, "milestones that ascend from at least 1")?;
                refused(positive(*gamma), GAMMA)
            }
            Shape::Exponential { gamma } => refused(positive(*gamma), GAMMA),
            Shape::Cosine { eta_min } => refused(*eta_min >= 0.0 && eta_min.is_finite(), ETA_MIN),
            Shape::CosineRestarts { t_0, t_mult, eta_min } => {
                refused(*t_0 > 0 && *t_mult > 0, "a first cycle and a factor of at least 1")?;
                refused(*eta_min >= 0.0 && eta_min.is_finite(), ETA_MIN)
            }
            Shape::OneCycle(cycle) => cycle.fault().map_or(Ok(()), |expected| refused(false, expected)),
            Shape::Plateau(_) if self.by_step => refused(false, "epochs: a plateau is looked for after each of them"),
            Shape::Plateau(plateau) => plateau.fault().map_or(Ok(()), |expected| refused(false, expected)),
        }?;
        let Some(WarmUp { epochs, start_factor }) = self.warm_up else { return Ok(()) };
        refused(epochs > 0, "a warm-up of at least 1 epoch")?;
        refused(start_factor > 0.0 && start_factor <= 1.0, "a warm-up from a share in (0, 1]")
    }
}

impl Train {
    /// The epochs over which the schedule is spread, where it is: then a training of fewer epochs is no beginning of
    /// one of more.
    pub(crate) fn spread(&self) -> Option<usize> {
        self.schedule.depends_on_epochs().then_some(self.epochs)
    }

    /// The schedule of the learning rate. By default it is constant.
    pub fn schedule(self, schedule: Schedule) -> Self {
        Self { schedule, ..self }
    }
}

#[cfg(test)]
mod tests;
