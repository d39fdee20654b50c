//! Data: validated features and targets, the views that a fold hands out, and batches of rows as tensors.

pub mod batches;
mod csv;
mod dataset;
mod features;
mod target;
mod views;

pub use self::csv::{FromColumn, InColumn};
pub use dataset::Dataset;
pub use features::Features;
pub use target::{Classes, Labels, Target, Truth};
pub use views::{Fit, Score};
