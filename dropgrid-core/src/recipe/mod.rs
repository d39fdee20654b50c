//! The training recipe.

mod batches;
mod check;
mod evaluation;
mod gradients;
mod identity;
mod loss;
mod monitor;
mod optimizer;
mod schedule;
mod stopping;
mod weight;

pub use loss::Loss;
pub(crate) use loss::OwnLoss;
pub use monitor::Monitor;
pub use optimizer::Optimizer;
pub(crate) use schedule::Moment;
pub use schedule::{Annealing, OneCycle, ReduceOnPlateau, Schedule, Threshold};
pub use stopping::EarlyStopping;
pub use weight::{ClassWeight, PosWeight};

/// How a candidate is trained. A field of the model under `#[train]` overrides the setting of its name.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::Train;
/// let recipe = Train::adam(1e-3).epochs(20).batch_size(32);
/// assert!(recipe.check().is_ok());
/// let error = recipe.epochs(0).check().unwrap_err();
/// assert_eq!(error.to_string(), "epochs is 0, expected at least 1");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own, by the name that the field has for it")]
pub struct Train {
    /// What turns gradients into steps.
    pub optimizer: Optimizer,
    /// The learning rate.
    pub lr: f64,
    /// Passes over the training rows.
    pub epochs: usize,
    /// Rows a batch.
    pub batch_size: usize,
    /// The momentum of SGD and RMSprop, or none.
    pub momentum: Option<f64>,
    /// Whether SGD's momentum is Nesterov's.
    pub nesterov: bool,
    /// The weight decay; 0 is none.
    pub weight_decay: f64,
    /// Decay of Adam's first moment.
    pub beta1: f64,
    /// Decay of Adam's second moment.
    pub beta2: f64,
    /// What Adam and RMSprop add to a denominator.
    pub eps: f64,
    /// Whether Adam's second moment is the highest so far: AMSGrad.
    pub amsgrad: bool,
    /// How much of a gradient SGD's momentum leaves out.
    pub dampening: f64,
    /// Decay of RMSprop's mean of squares.
    pub alpha: f64,
    /// Whether RMSprop takes the variance of the gradients in place of the mean of their squares.
    pub centered: bool,
    /// How the learning rate changes over the training.
    pub schedule: Schedule,
    /// The highest norm of the gradients, or none.
    pub clip_norm: Option<f64>,
    /// The highest absolute value of a gradient, or none.
    pub clip_value: Option<f64>,
    /// Batches a step of the optimizer.
    pub accumulate: usize,
    /// Whether a last batch that is smaller than the others is left out.
    pub drop_last: bool,
    /// Whether each epoch takes the rows in an order of its own.
    pub shuffle: bool,
    /// The decay of the average of the weights that is scored and kept, or none.
    pub ema: Option<f64>,
    /// The loss, or the target's own.
    pub loss: Option<Loss>,
    /// How much of a label is spread evenly over the classes.
    pub label_smoothing: f64,
    /// What the rows of each class count.
    pub class_weight: ClassWeight,
    /// What "yes" counts beside "no".
    pub pos_weight: PosWeight,
    /// Where Huber's loss and smooth L1 turn into lines.
    pub huber_delta: f64,
    /// The exponent of the focal loss.
    pub focal_gamma: f64,
    /// Whether the weights of the dataset weigh the loss.
    pub sample_weights: bool,
    /// When the training ends before its last epoch, or never.
    pub early_stopping: Option<EarlyStopping>,
    /// The quantity that early stopping and schedules look at.
    pub monitor: Monitor,
    /// The share of a training part that is set aside for validation, where early stopping or the schedule looks at it.
    pub validation_fraction: f64,
    /// The loss that a search was given in place of all these.
    pub(crate) own_loss: Option<OwnLoss>,
    /// Passes with dropout on, whose mean is scored; none where dropout is off.
    pub mc_samples: usize,
    /// The probability above which class 1 of two, or a flag, is predicted.
    pub threshold: f64,
}

impl Default for Train {
    /// Adam at 1e-3, 10 epochs, batches of 32.
    fn default() -> Self {
        Self {
            optimizer: Optimizer::Adam,
            lr: 1e-3,
            epochs: 10,
            batch_size: 32,
            momentum: None,
            nesterov: false,
            weight_decay: 0.0,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            amsgrad: false,
            dampening: 0.0,
            alpha: 0.99,
            centered: false,
            schedule: Schedule::constant(),
            clip_norm: None,
            clip_value: None,
            accumulate: 1,
            drop_last: false,
            shuffle: true,
            ema: None,
            loss: None,
            label_smoothing: 0.0,
            class_weight: ClassWeight::Uniform,
            pos_weight: PosWeight::Same(1.0),
            huber_delta: 1.0,
            focal_gamma: 2.0,
            sample_weights: false,
            early_stopping: None,
            monitor: Monitor::loss(),
            validation_fraction: 0.1,
            own_loss: None,
            mc_samples: 0,
            threshold: 0.5,
        }
    }
}
