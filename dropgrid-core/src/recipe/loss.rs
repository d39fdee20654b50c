//! Losses and their settings.

use std::{any::Any, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{ClassWeight, PosWeight, Train};

/// The quantity that training minimizes. Label smoothing, weights and the other settings of losses are settings of the
/// recipe.
///
/// | loss | targets | of PyTorch |
/// |---|---|---|
/// | [`CrossEntropy`](Self::CrossEntropy) | `Classes` | `CrossEntropyLoss` |
/// | [`BinaryCrossEntropy`](Self::BinaryCrossEntropy) | `Binary`, `MultiLabel` | `BCEWithLogitsLoss` |
/// | [`Focal`](Self::Focal) | `Classes`, `Binary`, `MultiLabel` | torchvision's `sigmoid_focal_loss` with `alpha=-1` |
/// | [`Mse`](Self::Mse) | `Regression` | `MSELoss` |
/// | [`Mae`](Self::Mae) | `Regression` | `L1Loss` |
/// | [`Huber`](Self::Huber) | `Regression` | `HuberLoss` |
/// | [`SmoothL1`](Self::SmoothL1) | `Regression` | `SmoothL1Loss` |
///
/// A recipe that names none takes the first of the target's. A loss that is none of the target's is refused before
/// any training.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::{Loss, Train};
/// let recipe = Train::adam(1e-3).loss(Loss::Huber).huber_delta(0.5);
/// assert!(recipe.check().is_ok());
/// assert_eq!(Loss::SmoothL1.to_string(), "smooth_l1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Loss {
    /// Softmax cross-entropy, -ln p of the true class.
    CrossEntropy,
    /// Cross-entropy of each output by itself, whose log-odds it is.
    BinaryCrossEntropy,
    /// Cross-entropy times (1 - p)^gamma, p being the probability of the truth
    /// ([Lin et al. 2017](https://arxiv.org/abs/1708.02002)): what is learned already counts less.
    ///
    /// For a yes or no with probability p it is `y (1 - p)^gamma (-ln p) + (1 - y) p^gamma (-ln(1 - p))`. torchvision's
    /// [`sigmoid_focal_loss`](https://docs.pytorch.org/vision/stable/generated/torchvision.ops.sigmoid_focal_loss.html)
    /// gives the same for a `y` of 0 or 1 and `alpha=-1`; its `alpha` is a [`pos_weight`](Train::pos_weight) of
    /// `alpha / (1 - alpha)`, up to the factor `1 - alpha`. It knows no label smoothing. Under
    /// [`label_smoothing`](Train::label_smoothing) `y` is the smoothed label, and each of the two terms keeps its own
    /// factor, where torchvision on such a `y`, and Keras, multiply both by one: `(1 - y p - (1 - y) (1 - p))^gamma`.
    Focal,
    /// The squared error.
    Mse,
    /// The absolute error.
    Mae,
    /// Half the squared error d²/2 up to |d| = delta, delta (|d| - delta/2) beyond
    /// ([Huber 1964](https://doi.org/10.1214/aoms/1177703732)).
    Huber,
    /// Huber's loss divided by delta, so that delta changes where the slope is 1 and not the slope.
    #[serde(rename = "smooth_l1")]
    SmoothL1,
}

impl Loss {
    /// [`Loss::CrossEntropy`].
    pub const fn cross_entropy() -> Self {
        Self::CrossEntropy
    }

    /// [`Loss::BinaryCrossEntropy`].
    pub const fn binary_cross_entropy() -> Self {
        Self::BinaryCrossEntropy
    }

    /// [`Loss::Focal`].
    pub const fn focal() -> Self {
        Self::Focal
    }

    /// [`Loss::Mse`].
    pub const fn mse() -> Self {
        Self::Mse
    }

    /// [`Loss::Mae`].
    pub const fn mae() -> Self {
        Self::Mae
    }

    /// [`Loss::Huber`].
    pub const fn huber() -> Self {
        Self::Huber
    }

    /// [`Loss::SmoothL1`].
    pub const fn smooth_l1() -> Self {
        Self::SmoothL1
    }

    /// True for [`Loss::CrossEntropy`].
    pub const fn is_cross_entropy(self) -> bool {
        matches!(self, Self::CrossEntropy)
    }

    /// True for [`Loss::BinaryCrossEntropy`].
    pub const fn is_binary_cross_entropy(self) -> bool {
        matches!(self, Self::BinaryCrossEntropy)
    }

    /// True for [`Loss::Focal`].
    pub const fn is_focal(self) -> bool {
        matches!(self, Self::Focal)
    }

    /// True for [`Loss::Mse`].
    pub const fn is_mse(self) -> bool {
        matches!(self, Self::Mse)
    }

    /// True for [`Loss::Mae`].
    pub const fn is_mae(self) -> bool {
        matches!(self, Self::Mae)
    }

    /// True for [`Loss::Huber`].
    pub const fn is_huber(self) -> bool {
        matches!(self, Self::Huber)
    }

    /// True for [`Loss::SmoothL1`].
    pub const fn is_smooth_l1(self) -> bool {
        matches!(self, Self::SmoothL1)
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::CrossEntropy => "cross_entropy",
            Self::BinaryCrossEntropy => "binary_cross_entropy",
            Self::Focal => "focal",
            Self::Mse => "mse",
            Self::Mae => "mae",
            Self::Huber => "huber",
            Self::SmoothL1 => "smooth_l1",
        })
    }
}

impl Train {
    /// The loss, in place of the target's own.
    pub fn loss(self, loss: Loss) -> Self {
        Self { loss: Some(loss), ..self }
    }

    /// The share of a label that is spread evenly over the classes, in [0, 1): the truth is 1 - smoothing of the label
    /// and smoothing of the uniform distribution ([Szegedy et al. 2016](https://arxiv.org/abs/1512.00567)). Of a yes or
    /// no, half of it goes to the other side.
    ///
    /// Class weights enter as in PyTorch's
    /// [`CrossEntropyLoss`](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html), for a yes or no
    /// as in Keras' [`BinaryCrossentropy`](https://keras.io/api/losses/probabilistic_losses/).
    pub fn label_smoothing(self, label_smoothing: f64) -> Self {
        Self { label_smoothing, ..self }
    }

    /// The weight of the rows of each class, for targets of one class a row.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::recipe::{ClassWeight, Train};
    /// let recipe = Train::adam(1e-3).class_weight([1.0, 1.0, 2.5]);
    /// assert_eq!(recipe.class_weight, ClassWeight::Given(vec![1.0, 1.0, 2.5]));
    /// assert!(Train::default().class_weight(ClassWeight::Balanced).check().is_ok());
    /// ```
    pub fn class_weight(self, class_weight: impl Into<ClassWeight>) -> Self {
        Self { class_weight: class_weight.into(), ..self }
    }

    /// The weight of "yes" beside "no", for targets of yes or no.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::recipe::{PosWeight, Train};
    /// assert_eq!(Train::adam(1e-3).pos_weight(3.0).pos_weight, PosWeight::Same(3.0));
    /// assert_eq!(Train::adam(1e-3).pos_weight([3.0, 1.0]).pos_weight, PosWeight::Given(vec![3.0, 1.0]));
    /// ```
    pub fn pos_weight(self, pos_weight: impl Into<PosWeight>) -> Self {
        Self { pos_weight: pos_weight.into(), ..self }
    }

    /// The error, above 0, at which [Huber's loss](Loss::Huber) and [smooth L1](Loss::SmoothL1) turn from a parabola
    /// into a line; for the latter, PyTorch calls it `beta`.
    pub fn huber_delta(self, huber_delta: f64) -> Self {
        Self { huber_delta, ..self }
    }

    /// The exponent of the [focal loss](Loss::Focal), at least 0; at 0 it is cross-entropy.
    pub fn focal_gamma(self, focal_gamma: f64) -> Self {
        Self { focal_gamma, ..self }
    }

    /// Sets whether the weights of the dataset weigh the loss, as they weigh scores.
    ///
    /// The loss of a batch is then Σ w l / Σ w over its rows: a row of weight 2 counts as that row twice, as in
    /// scikit-learn's `MLPClassifier.fit(sample_weight=...)` and as PyTorch's class weights count. Keras divides by the
    /// number of rows instead, so that the scale of the weights becomes one of the learning rate. Weights multiply with
    /// class weights. A batch whose every weight is 0 has a loss and a gradient of 0.
    pub fn sample_weights(self, sample_weights: bool) -> Self {
        Self { sample_weights, ..self }
    }
}

/// A loss that the user writes: its name, and a closure over targets of a type that recipes do not know.
#[derive(Clone)]
pub(crate) struct OwnLoss {
    name: Arc<str>,
    function: Arc<dyn Any + Send + Sync>,
}

impl OwnLoss {
    pub(crate) fn new(name: String, function: impl Any + Send + Sync) -> Self {
        Self { name: name.into(), function: Arc::new(function) }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn downcast_ref<F: Any>(&self) -> Option<&F> {
        self.function.downcast_ref()
    }
}

/// Equal where they are the same closure under the same name.
impl PartialEq for OwnLoss {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.function, &other.function)
    }
}

impl fmt::Debug for OwnLoss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}
