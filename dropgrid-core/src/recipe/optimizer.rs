//! Optimizers and their settings.

use serde::{Deserialize, Serialize};

use super::Train;

/// The rule that turns gradients into steps. The learning rate, momentum and weight decay are settings of the recipe.
///
/// The formulae and defaults are PyTorch's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Optimizer {
    /// Adam ([Kingma and Ba 2015](https://arxiv.org/abs/1412.6980)); weight decay is added to the gradient.
    #[default]
    Adam,
    /// Adam with decoupled weight decay ([Loshchilov and Hutter 2019](https://arxiv.org/abs/1711.05101)).
    AdamW,
    /// Stochastic gradient descent, with classic or Nesterov momentum where the recipe sets one.
    Sgd,
    /// RMSprop ([Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)).
    RmsProp,
}

impl Optimizer {
    /// [`Optimizer::Adam`].
    pub const fn adam() -> Self {
        Self::Adam
    }

    /// [`Optimizer::AdamW`].
    pub const fn adamw() -> Self {
        Self::AdamW
    }

    /// [`Optimizer::Sgd`].
    pub const fn sgd() -> Self {
        Self::Sgd
    }

    /// [`Optimizer::RmsProp`].
    pub const fn rmsprop() -> Self {
        Self::RmsProp
    }

    /// True for [`Optimizer::Adam`].
    pub const fn is_adam(self) -> bool {
        matches!(self, Self::Adam)
    }

    /// True for [`Optimizer::AdamW`].
    pub const fn is_adamw(self) -> bool {
        matches!(self, Self::AdamW)
    }

    /// True for [`Optimizer::Sgd`].
    pub const fn is_sgd(self) -> bool {
        matches!(self, Self::Sgd)
    }

    /// True for [`Optimizer::RmsProp`].
    pub const fn is_rmsprop(self) -> bool {
        matches!(self, Self::RmsProp)
    }
}

impl Train {
    /// [Adam](Optimizer::Adam) with learning rate `lr`, betas 0.9 and 0.999, epsilon 1e-8 and no weight decay.
    pub fn adam(lr: f64) -> Self {
        Self { lr, ..Self::default() }
    }

    /// [AdamW](Optimizer::AdamW) with learning rate `lr` and weight decay 0.01.
    pub fn adamw(lr: f64) -> Self {
        Self { optimizer: Optimizer::AdamW, weight_decay: 0.01, ..Self::adam(lr) }
    }

    /// [SGD](Optimizer::Sgd) with learning rate `lr` and no momentum.
    pub fn sgd(lr: f64) -> Self {
        Self { optimizer: Optimizer::Sgd, ..Self::adam(lr) }
    }

    /// [RMSprop](Optimizer::RmsProp) with learning rate `lr`.
    pub fn rmsprop(lr: f64) -> Self {
        Self { optimizer: Optimizer::RmsProp, ..Self::adam(lr) }
    }

    /// The optimizer, with the other settings as they are.
    pub fn optimizer(self, optimizer: Optimizer) -> Self {
        Self { optimizer, ..self }
    }

    /// The learning rate.
    pub fn lr(self, lr: f64) -> Self {
        Self { lr, ..self }
    }

    /// The momentum of SGD or RMSprop, in [0, 1).
    pub fn momentum(self, momentum: f64) -> Self {
        Self { momentum: Some(momentum), ..self }
    }

    /// Sets whether SGD's momentum is Nesterov's.
    pub fn nesterov(self, nesterov: bool) -> Self {
        Self { nesterov, ..self }
    }

    /// The weight decay, at least 0.
    pub fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }

    /// Decay of Adam's first moment, in [0, 1).
    pub fn beta1(self, beta1: f64) -> Self {
        Self { beta1, ..self }
    }

    /// Decay of Adam's second moment, in [0, 1).
    pub fn beta2(self, beta2: f64) -> Self {
        Self { beta2, ..self }
    }

    /// The number that Adam and RMSprop add to a denominator, above 0.
    pub fn eps(self, eps: f64) -> Self {
        Self { eps, ..self }
    }

    /// Sets whether Adam and AdamW divide by the highest second moment so far: AMSGrad
    /// ([Reddi et al. 2018](https://openreview.net/forum?id=ryQu7f-RZ)).
    pub fn amsgrad(self, amsgrad: bool) -> Self {
        Self { amsgrad, ..self }
    }

    /// The share of each gradient but the first that SGD's momentum leaves out, in [0, 1].
    pub fn dampening(self, dampening: f64) -> Self {
        Self { dampening, ..self }
    }

    /// Decay of RMSprop's mean of squares, in [0, 1).
    pub fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// Sets whether RMSprop divides by the deviation of the gradients from their mean
    /// ([Graves 2013](https://arxiv.org/abs/1308.0850)).
    pub fn centered(self, centered: bool) -> Self {
        Self { centered, ..self }
    }
}
