//! The learning curve of a training.

/// The numbers of one epoch of a training. They are the same in every run.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
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
    /// The score of each metric on the rows trained on, after the epoch; empty unless the search
    /// [asks for it](crate::search::Search::curve_scores).
    pub train_scores: Vec<f64>,
    /// The score of each metric on the validation rows, likewise; empty where the recipe watches no quantity, too.
    pub validation_scores: Vec<f64>,
}

impl Epoch {
    /// An epoch of this number and training loss: for tests of a hook, a rule or a strategy.
    pub fn new(number: usize, train_loss: f64) -> Self {
        Self { number, train_loss, ..Self::default() }
    }

    /// The same epoch with a monitored value.
    #[must_use]
    pub fn with_monitored(self, monitored: f64) -> Self {
        Self { monitored: Some(monitored), ..self }
    }
}

/// The epochs of a training in order, from the first one. The curve of a fit that failed has the epochs before the
/// failure.
///
/// A training that continues from a checkpoint has the curve of one that was never interrupted, bit for bit. Candidates
/// that share a training have prefixes of its curve.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Curve {
    /// One entry an epoch.
    pub epochs: Vec<Epoch>,
}

impl FromIterator<Epoch> for Curve {
    fn from_iter<I: IntoIterator<Item = Epoch>>(epochs: I) -> Self {
        Self { epochs: epochs.into_iter().collect() }
    }
}
