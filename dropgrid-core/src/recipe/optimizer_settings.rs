//! The recipes of optimizers, and their settings.

use super::{Optimizer, Train};

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

    /// [NAdam](Optimizer::NAdam) with learning rate `lr`.
    pub fn nadam(lr: f64) -> Self {
        Self { optimizer: Optimizer::NAdam, ..Self::adam(lr) }
    }

    /// [RAdam](Optimizer::RAdam) with learning rate `lr`.
    pub fn radam(lr: f64) -> Self {
        Self { optimizer: Optimizer::RAdam, ..Self::adam(lr) }
    }

    /// [Adamax](Optimizer::Adamax) with learning rate `lr`.
    pub fn adamax(lr: f64) -> Self {
        Self { optimizer: Optimizer::Adamax, ..Self::adam(lr) }
    }

    /// [Adagrad](Optimizer::Adagrad) with learning rate `lr` and epsilon 1e-10.
    pub fn adagrad(lr: f64) -> Self {
        Self { optimizer: Optimizer::Adagrad, eps: 1e-10, ..Self::adam(lr) }
    }

    /// [Adadelta](Optimizer::Adadelta) with learning rate `lr`, which is 1 in the paper and in PyTorch, `alpha` 0.9 and
    /// epsilon 1e-6.
    pub fn adadelta(lr: f64) -> Self {
        Self { optimizer: Optimizer::Adadelta, alpha: 0.9, eps: 1e-6, ..Self::adam(lr) }
    }

    /// [Lion](Optimizer::Lion) with learning rate `lr`, betas 0.9 and 0.99, and no weight decay.
    pub fn lion(lr: f64) -> Self {
        Self { optimizer: Optimizer::Lion, beta2: 0.99, ..Self::adam(lr) }
    }

    /// [Schedule-free AdamW](Optimizer::AdamWScheduleFree) with learning rate `lr`, and no weight decay.
    pub fn adamw_schedule_free(lr: f64) -> Self {
        Self { optimizer: Optimizer::AdamWScheduleFree, ..Self::adam(lr) }
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

    /// Decay of the first moment of Adam and its relatives, in [0, 1).
    pub fn beta1(self, beta1: f64) -> Self {
        Self { beta1, ..self }
    }

    /// Decay of the second moment of Adam and its relatives, in [0, 1).
    pub fn beta2(self, beta2: f64) -> Self {
        Self { beta2, ..self }
    }

    /// The number that all optimizers but SGD and Lion add to a denominator, above 0.
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

    /// Decay of the means of squares of RMSprop and Adadelta, in [0, 1).
    pub fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// Sets whether RMSprop divides by the deviation of the gradients from their mean
    /// ([Graves 2013](https://arxiv.org/abs/1308.0850)).
    pub fn centered(self, centered: bool) -> Self {
        Self { centered, ..self }
    }

    /// The rate at which NAdam's momentum rises from half of beta1 to beta1, at least 0: at 0 it stays at half.
    pub fn momentum_decay(self, momentum_decay: f64) -> Self {
        Self { momentum_decay, ..self }
    }

    /// The fall of Adagrad's learning rate, at least 0: that of step t is `lr` / (1 + (t - 1) `lr_decay`).
    pub fn lr_decay(self, lr_decay: f64) -> Self {
        Self { lr_decay, ..self }
    }

    /// The number with which Adagrad's sums of squares begin, at least 0.
    pub fn initial_accumulator_value(self, initial_accumulator_value: f64) -> Self {
        Self { initial_accumulator_value, ..self }
    }

    /// Sets whether the weight decay of Adam, NAdam and RAdam is taken off the parameters, as AdamW's, in place of
    /// added to the gradient.
    pub fn decoupled_weight_decay(self, decoupled_weight_decay: bool) -> Self {
        Self { decoupled_weight_decay, ..self }
    }
}
