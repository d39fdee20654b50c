//! The training recipe.

mod batches;
mod check;
mod evaluation;
mod gradients;
mod identity;
mod loss;
mod monitor;
mod optimizer;
mod optimizer_settings;
mod schedule;
mod stopping;
mod targets;
mod weight;

pub use loss::Loss;
pub(crate) use loss::OwnLoss;
pub use monitor::Monitor;
pub use optimizer::Optimizer;
pub(crate) use schedule::Moment;
pub use schedule::{Annealing, OneCycle, ReduceOnPlateau, Schedule, Threshold};
pub use stopping::EarlyStopping;
pub use targets::TargetTransform;
pub use weight::{ClassWeight, PosWeight};

/// Declares the recipe: each setting once, with its documentation, type and default.
macro_rules! recipe {
    ($(#[$attr:meta])* pub struct $recipe:ident { $($(#[$doc:meta])* $vis:vis $setting:ident: $ty:ty = $default:expr,)+ }) => {
        $(#[$attr])*
        pub struct $recipe {
            $($(#[$doc])* $vis $setting: $ty,)+
        }

        /// Adam at 1e-3, 10 epochs, batches of 32.
        impl Default for $recipe {
            fn default() -> Self {
                Self { $($setting: $default,)+ }
            }
        }

        impl $recipe {
            /// Each setting: its name, its `Debug` text, and whether it is the default.
            fn settings(&self) -> Vec<(&'static str, String, bool)> {
                let default = Self::default();
                vec![$((stringify!($setting), format!("{:?}", self.$setting), self.$setting == default.$setting)),+]
            }
        }
    };
}

recipe! {
/// The recipe by which a candidate is trained. A field of the model under `#[train]` overrides the setting of its name.
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
    /// The rule that turns gradients into steps.
    pub optimizer: Optimizer = Optimizer::Adam,
    /// The learning rate.
    pub lr: f64 = 1e-3,
    /// Passes over the training rows.
    pub epochs: usize = 10,
    /// Rows a batch.
    pub batch_size: usize = 32,
    /// The momentum of SGD and RMSprop, or none.
    pub momentum: Option<f64> = None,
    /// True where SGD's momentum is Nesterov's.
    pub nesterov: bool = false,
    /// The weight decay; 0 is none.
    pub weight_decay: f64 = 0.0,
    /// Decay of the first moment of Adam and its relatives.
    pub beta1: f64 = 0.9,
    /// Decay of their second moment.
    pub beta2: f64 = 0.999,
    /// The number that optimizers add to a denominator.
    pub eps: f64 = 1e-8,
    /// True where Adam's second moment is the highest so far: AMSGrad.
    pub amsgrad: bool = false,
    /// The share of a gradient that SGD's momentum leaves out.
    pub dampening: f64 = 0.0,
    /// Decay of the means of squares of RMSprop and Adadelta.
    pub alpha: f64 = 0.99,
    /// True where RMSprop takes the variance of the gradients in place of the mean of their squares.
    pub centered: bool = false,
    /// The rate at which NAdam's momentum rises to beta1.
    pub momentum_decay: f64 = 4e-3,
    /// The fall of Adagrad's learning rate with its steps.
    pub lr_decay: f64 = 0.0,
    /// The number with which Adagrad's sums of squares begin.
    pub initial_accumulator_value: f64 = 0.0,
    /// True where the weight decay of Adam, NAdam and RAdam is AdamW's.
    pub decoupled_weight_decay: bool = false,
    /// The schedule of the learning rate.
    pub schedule: Schedule = Schedule::constant(),
    /// The highest norm of the gradients, or none.
    pub clip_norm: Option<f64> = None,
    /// The highest absolute value of a gradient, or none.
    pub clip_value: Option<f64> = None,
    /// Batches a step of the optimizer.
    pub accumulate: usize = 1,
    /// True where a last batch that is smaller than the others is left out.
    pub drop_last: bool = false,
    /// True where each epoch takes the rows in an order of its own.
    pub shuffle: bool = true,
    /// The decay of the average of the weights that is scored and kept, or none.
    pub ema: Option<f64> = None,
    /// The loss, or the target's own.
    pub loss: Option<Loss> = None,
    /// The share of a label that is spread evenly over the classes.
    pub label_smoothing: f64 = 0.0,
    /// The weight of the rows of each class.
    pub class_weight: ClassWeight = ClassWeight::Uniform,
    /// The weight of "yes" beside "no".
    pub pos_weight: PosWeight = PosWeight::Same(1.0),
    /// The error at which Huber's loss and smooth L1 turn into lines.
    pub huber_delta: f64 = 1.0,
    /// The exponent of the focal loss.
    pub focal_gamma: f64 = 2.0,
    /// The transform of a regression's targets.
    pub target_transform: TargetTransform = TargetTransform::None,
    /// True where the weights of the dataset weigh the loss.
    pub sample_weights: bool = false,
    /// The rule that ends a training before its last epoch, or none.
    pub early_stopping: Option<EarlyStopping> = None,
    /// The quantity that early stopping and schedules look at.
    pub monitor: Monitor = Monitor::loss(),
    /// The share of a training part that is set aside for validation, where early stopping or the schedule looks at it.
    pub validation_fraction: f64 = 0.1,
    /// True where the strategy of the search looks at the monitored quantity.
    pub(crate) watches: bool = false,
    /// The loss that a search was given in place of all these.
    pub(crate) own_loss: Option<OwnLoss> = None,
    /// Passes with dropout on, whose mean is scored; none where dropout is off.
    pub mc_samples: usize = 0,
    /// The probability above which class 1 of two, or a flag, is predicted.
    pub threshold: f64 = 0.5,
}
}
