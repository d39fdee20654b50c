//! Gaussian processes.

mod acquisition;
mod cholesky;
mod inputs;
mod kernel;
mod lbfgs;
mod likelihood;
mod posterior;
#[cfg(test)]
mod tests;

pub use acquisition::Acquisition;
pub use inputs::Inputs;
pub use likelihood::{Hyperparameters, Observed};
pub use posterior::{Covariances, Posterior};
