//! The learning curve of a training.

/// The numbers of one epoch of a training. They are the same in every run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// The number of the epoch, from 1.
    pub number: usize,
    /// The mean training loss over the epoch's rows, each taken before the step of its batch.
    pub train_loss: f64,
    /// The [monitored](crate::recipe::Train::monitor) quantity on the validation rows after the epoch; none where the
    /// recipe watches no quantity.
    pub monitored: Option<f64>,
    /// The learning rate of the epoch's last step.
    pub lr: f64,
}

/// The epochs of a training in order, from the first one.
///
/// A training that continues from a checkpoint has the curve of one that was never interrupted, bit for bit. Candidates
/// that share a training have prefixes of its curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// One entry an epoch.
    pub epochs: Vec<Epoch>,
}
