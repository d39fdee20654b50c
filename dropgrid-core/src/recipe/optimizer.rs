//! Optimizers.

use serde::{Deserialize, Serialize};

/// What turns gradients into steps. The learning rate, momentum and weight decay are settings of the recipe.
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
    /// RMSprop ([Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)), smoothing
    /// 0.9.
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

    /// Whether this is [`Optimizer::Adam`].
    pub const fn is_adam(self) -> bool {
        matches!(self, Self::Adam)
    }

    /// Whether this is [`Optimizer::AdamW`].
    pub const fn is_adamw(self) -> bool {
        matches!(self, Self::AdamW)
    }

    /// Whether this is [`Optimizer::Sgd`].
    pub const fn is_sgd(self) -> bool {
        matches!(self, Self::Sgd)
    }

    /// Whether this is [`Optimizer::RmsProp`].
    pub const fn is_rmsprop(self) -> bool {
        matches!(self, Self::RmsProp)
    }
}
