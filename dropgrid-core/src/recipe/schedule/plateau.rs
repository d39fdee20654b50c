//! A learning rate that falls where nothing gets better.

use std::fmt;

use super::{Schedule, Shape};

/// A learning rate that falls when the [monitored](crate::recipe::Train::monitor) quantity does not get better:
/// PyTorch's [`ReduceLROnPlateau`][page], with its defaults.
///
/// An epoch is an improvement where its quantity passes the best one so far by the threshold. After more than
/// `patience` epochs in a row without one, the learning rate is multiplied by `factor`, and `cooldown` epochs do not
/// count. NaN is no improvement.
///
/// The quantity is measured on validation rows, as for [`EarlyStopping`](crate::recipe::EarlyStopping).
///
/// [page]: https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::{ReduceOnPlateau, Schedule, Threshold};
/// assert_eq!(Schedule::from(ReduceOnPlateau::default()), Schedule::reduce_on_plateau());
/// let plateau = ReduceOnPlateau { patience: 3, threshold: Threshold::Absolute(0.01), ..ReduceOnPlateau::default() };
/// assert_eq!(Schedule::from(plateau).to_string(), "reduce_on_plateau_absolute(0.1,3,0.01,0,0,0.00000001)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReduceOnPlateau {
    /// The factor of the learning rate, in (0, 1).
    pub factor: f64,
    /// Epochs in a row without an improvement that change nothing.
    pub patience: usize,
    /// The difference by which an improvement passes the best quantity.
    pub threshold: Threshold,
    /// Epochs after a fall that do not count.
    pub cooldown: usize,
    /// The learning rate below which it does not fall.
    pub min_lr: f64,
    /// The learning rate stays where it would fall by no more than this.
    pub eps: f64,
}

/// The difference by which an improvement passes the best quantity.
#[derive(Clone, Copy, PartialEq)]
pub enum Threshold {
    /// A share of it: better than best (1 - t), or best (1 + t) where higher is better.
    Relative(f64),
    /// A difference: better than best - t, or best + t.
    Absolute(f64),
}

impl Threshold {
    pub(super) fn value(self) -> f64 {
        let (Self::Relative(value) | Self::Absolute(value)) = self;
        value
    }
}

/// Writes it as Rust source does.
impl fmt::Debug for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relative(share) => write!(f, "Threshold::Relative({share:?})"),
            Self::Absolute(difference) => write!(f, "Threshold::Absolute({difference:?})"),
        }
    }
}

impl Default for ReduceOnPlateau {
    /// PyTorch's: to a tenth after more than 10 epochs that are not better by a ten-thousandth.
    fn default() -> Self {
        let threshold = Threshold::Relative(1e-4);
        Self { factor: 0.1, patience: 10, threshold, cooldown: 0, min_lr: 0.0, eps: 1e-8 }
    }
}

impl From<ReduceOnPlateau> for Schedule {
    fn from(plateau: ReduceOnPlateau) -> Self {
        Self::of(Shape::Plateau(plateau))
    }
}

impl ReduceOnPlateau {
    /// The expected value of the first number that is wrong.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let amount = |value: f64| value >= 0.0 && value.is_finite();
        if !(self.factor > 0.0 && self.factor < 1.0) {
            Some("a factor in (0, 1)")
        } else if ![self.threshold.value(), self.min_lr, self.eps].into_iter().all(amount) {
            Some("a threshold, a lowest learning rate and an eps that are finite and at least 0")
        } else {
            None
        }
    }
}
