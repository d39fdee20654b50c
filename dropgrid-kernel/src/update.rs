//! The steps of optimizers on slices, and clipping of gradients: the formulae of PyTorch, operation by operation.
//!
//! As in PyTorch, coefficients such as 1 - beta and beta^t are computed in double precision and rounded once. In single
//! precision, 1 - 0.999 has a relative error of 1.3e-5, and 1 - 0.99999 one of 1.4e-3.

mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod gradients;
mod lion;
mod moments;
mod nadam;
mod radam;
mod rmsprop;
mod schedule_free;
mod sgd;
mod shared;

pub use adadelta::{Adadelta, adadelta};
pub use adagrad::{Adagrad, adagrad};
pub use adam::{Adam, adam};
pub use adamax::{Adamax, adamax};
pub use gradients::{add_scaled, clamp, follow, scale, sum_of_squares};
pub use lion::{Lion, lion};
pub use nadam::{NAdam, nadam};
pub use radam::{RAdam, radam};
pub use rmsprop::{RmsProp, rmsprop};
pub use schedule_free::{ScheduleFree, schedule_free};
pub use sgd::{Sgd, sgd};

#[cfg(test)]
mod tests;
