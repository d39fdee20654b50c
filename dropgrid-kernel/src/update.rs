//! The steps of optimizers on slices, and clipping of gradients: the formulae of PyTorch, operation by operation.
//!
//! As in PyTorch, coefficients such as 1 - beta and beta^t are computed in double precision and rounded once. In single
//! precision, 1 - 0.999 has a relative error of 1.3e-5, and 1 - 0.99999 one of 1.4e-3.

mod adam;
mod gradients;
mod moments;
mod rmsprop;
mod sgd;

pub use adam::{Adam, adam};
pub use gradients::{add_scaled, clamp, follow, scale, sum_of_squares};
pub use rmsprop::{RmsProp, rmsprop};
pub use sgd::{Sgd, sgd};

#[cfg(test)]
mod tests;
