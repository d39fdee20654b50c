//! Gaussian processes.

mod acquisition;
mod inputs;
mod kernel;
mod lbfgs;
mod likelihood;
mod panel;
mod posterior;
mod scaled;
mod square;
#[cfg(test)]
mod tests;

pub use acquisition::Acquisition;
pub use inputs::Inputs;
pub use likelihood::{Hyperparameters, Observed};
pub use posterior::Posterior;
