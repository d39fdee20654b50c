//! Training one candidate: the loss, the loop, and the model that comes of it.

#[cfg(test)]
mod dropped;
mod fit;
mod fitted;
mod flat;
#[cfg(test)]
mod golden;
mod loss;
mod lowered;
mod rule;
mod taped;
pub(crate) mod trial;
mod update;

pub(crate) use fit::{Course, fit, outputs, predict};
pub(crate) use fitted::FitModel;
pub use fitted::{Fitted, Predictions};
pub(crate) use loss::check as check_loss;
pub use loss::{Link, Objective};
