//! Optimizers.

use serde::{Deserialize, Serialize};

/// The rule that turns gradients into steps. The learning rate, momentum and weight decay are settings of the recipe.
///
/// | optimizer | formula | settings beside `lr` and `weight_decay` | weight decay |
/// |---|---|---|---|
/// | [`Adam`](Self::Adam) | `torch.optim.Adam` | `beta1`, `beta2`, `eps`, `amsgrad`, `decoupled_weight_decay` | L2 |
/// | [`AdamW`](Self::AdamW) | `torch.optim.AdamW` | `beta1`, `beta2`, `eps`, `amsgrad` | decoupled |
/// | [`Sgd`](Self::Sgd) | `torch.optim.SGD` | `momentum`, `nesterov`, `dampening` | L2 |
/// | [`RmsProp`](Self::RmsProp) | `torch.optim.RMSprop` | `alpha`, `eps`, `centered`, `momentum` | L2 |
/// | [`NAdam`](Self::NAdam) | `torch.optim.NAdam` | `beta1`, `beta2`, `eps`, `momentum_decay`, `decoupled_weight_decay` | L2 |
/// | [`RAdam`](Self::RAdam) | `torch.optim.RAdam` | `beta1`, `beta2`, `eps`, `decoupled_weight_decay` | L2 |
/// | [`Adamax`](Self::Adamax) | `torch.optim.Adamax` | `beta1`, `beta2`, `eps` | L2 |
/// | [`Adagrad`](Self::Adagrad) | `torch.optim.Adagrad` | `lr_decay`, `initial_accumulator_value`, `eps` | L2 |
/// | [`Adadelta`](Self::Adadelta) | `torch.optim.Adadelta` | `alpha`, `eps` | L2 |
/// | [`Lion`](Self::Lion) | the paper's, as in `lion-pytorch` | `beta1`, `beta2` | decoupled |
/// | [`AdamWScheduleFree`](Self::AdamWScheduleFree) | `schedulefree.AdamWScheduleFree` | `beta1`, `beta2`, `eps` | decoupled |
///
/// L2 decay adds the parameter times `weight_decay` to the gradient, before moments are taken of it; decoupled decay
/// subtracts the parameter times `lr` times `weight_decay`. A constructor such as [`Train::lion`](super::Train::lion)
/// sets the defaults of its optimizer. An axis over optimizers does not: all of its values have the other settings of
/// the recipe, or of axes that exist for one optimizer alone (`#[when(optimizer.is_lion())]`).
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
    /// Adam with Nesterov momentum ([Dozat 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ)). The momentum
    /// of step t is `beta1` (1 - 0.96^(t `momentum_decay`) / 2).
    NAdam,
    /// Adam that divides by the second moment only once it has enough terms
    /// ([Liu et al. 2020](https://arxiv.org/abs/1908.03265)).
    RAdam,
    /// Adam with the decaying maximum of the gradients in place of the second moment
    /// ([Kingma and Ba 2015](https://arxiv.org/abs/1412.6980), algorithm 2).
    Adamax,
    /// A learning rate a parameter, which falls with the sum of its squared gradients
    /// ([Duchi et al. 2011](https://jmlr.org/papers/v12/duchi11a.html)).
    Adagrad,
    /// Steps of the size of earlier steps ([Zeiler 2012](https://arxiv.org/abs/1212.5701)); PyTorch's rho is `alpha`.
    Adadelta,
    /// The sign of a momentum ([Chen et al. 2023](https://arxiv.org/abs/2302.06675), algorithm 2). Its learning rate is
    /// a third to a tenth of AdamW's.
    Lion,
    /// AdamW that needs no schedule and no number of epochs ([Defazio et al. 2024](https://arxiv.org/abs/2405.15682),
    /// algorithm 1): scores and keeps a weighted average of the steps, and takes gradients between the average and the
    /// last step.
    ///
    /// A step weighs the square of the highest learning rate so far. What is not trained, as the statistics of a batch
    /// norm, is that of the last batch, as with [`Train::ema`](super::Train::ema).
    #[serde(rename = "adamw_schedule_free")]
    AdamWScheduleFree,
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

    /// [`Optimizer::NAdam`].
    pub const fn nadam() -> Self {
        Self::NAdam
    }

    /// [`Optimizer::RAdam`].
    pub const fn radam() -> Self {
        Self::RAdam
    }

    /// [`Optimizer::Adamax`].
    pub const fn adamax() -> Self {
        Self::Adamax
    }

    /// [`Optimizer::Adagrad`].
    pub const fn adagrad() -> Self {
        Self::Adagrad
    }

    /// [`Optimizer::Adadelta`].
    pub const fn adadelta() -> Self {
        Self::Adadelta
    }

    /// [`Optimizer::Lion`].
    pub const fn lion() -> Self {
        Self::Lion
    }

    /// [`Optimizer::AdamWScheduleFree`].
    pub const fn adamw_schedule_free() -> Self {
        Self::AdamWScheduleFree
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

    /// True for [`Optimizer::NAdam`].
    pub const fn is_nadam(self) -> bool {
        matches!(self, Self::NAdam)
    }

    /// True for [`Optimizer::RAdam`].
    pub const fn is_radam(self) -> bool {
        matches!(self, Self::RAdam)
    }

    /// True for [`Optimizer::Adamax`].
    pub const fn is_adamax(self) -> bool {
        matches!(self, Self::Adamax)
    }

    /// True for [`Optimizer::Adagrad`].
    pub const fn is_adagrad(self) -> bool {
        matches!(self, Self::Adagrad)
    }

    /// True for [`Optimizer::Adadelta`].
    pub const fn is_adadelta(self) -> bool {
        matches!(self, Self::Adadelta)
    }

    /// True for [`Optimizer::Lion`].
    pub const fn is_lion(self) -> bool {
        matches!(self, Self::Lion)
    }

    /// True for [`Optimizer::AdamWScheduleFree`].
    pub const fn is_adamw_schedule_free(self) -> bool {
        matches!(self, Self::AdamWScheduleFree)
    }
}
