//! The state of the recipe's optimizer.

use crate::{
    error::Failure,
    kernel::{
        AlignedVec,
        update::{Adam, RmsProp, Sgd, adam, rmsprop, sgd},
    },
    recipe::{Optimizer, Train},
    train::checkpoint::StateCodec,
};

/// An optimizer: its settings, and its buffers of one number a parameter.
pub(super) enum OptimizerState {
    Adam {
        step: Adam,
        /// AdamW's weight decay; Adam's is a part of `step`.
        decay: f64,
        moment1: AlignedVec,
        moment2: AlignedVec,
        highest: Option<AlignedVec>,
    },
    Sgd {
        step: Sgd,
        /// The share of a gradient in the velocity after the first step: 1 less the dampening.
        share: f32,
        velocity: AlignedVec,
    },
    RmsProp {
        step: RmsProp,
        squares: AlignedVec,
        mean: Option<AlignedVec>,
        velocity: AlignedVec,
    },
}

impl OptimizerState {
    /// The optimizer of `recipe` before its first step, for `len` parameters.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(super) fn new(recipe: &Train, len: usize) -> Result<Self, Failure> {
        let &Train { lr, beta1, beta2, eps, weight_decay, .. } = recipe;
        let momentum = recipe.momentum.filter(|momentum| *momentum > 0.0);
        let zeros = |wanted: bool| AlignedVec::filled(0.0, if wanted { len } else { 0 });
        let zeros_where = |wanted: bool| wanted.then(|| AlignedVec::filled(0.0, len)).transpose();
        let adam = |l2, decay| {
            let step = Adam { lr, beta1, beta2, eps, l2, decoupled: 0.0, t: 0 };
            let (moment1, moment2, highest) = (zeros(true)?, zeros(true)?, zeros_where(recipe.amsgrad)?);
            Ok(Self::Adam { step, decay, moment1, moment2, highest })
        };
        match recipe.optimizer {
            Optimizer::Adam => adam(weight_decay, 0.0),
            Optimizer::AdamW => adam(0.0, weight_decay),
            Optimizer::Sgd => Ok(Self::Sgd {
                // The first velocity is the whole gradient.
                step: Sgd { lr, momentum, share: 1.0, nesterov: recipe.nesterov, l2: weight_decay },
                share: (1.0 - recipe.dampening) as f32,
                velocity: zeros(momentum.is_some())?,
            }),
            Optimizer::RmsProp => Ok(Self::RmsProp {
                step: RmsProp { lr, alpha: recipe.alpha, eps, momentum, l2: weight_decay },
                squares: zeros(true)?,
                mean: zeros_where(recipe.centered)?,
                velocity: zeros(momentum.is_some())?,
            }),
        }
    }

    /// Takes one step along `gradients` at the learning rate `lr`. It may overwrite `gradients`. A given `momentum`
    /// replaces Adam's beta1, or the momentum of SGD and RMSprop where they have one.
    pub(super) fn step(&mut self, lr: f64, momentum: Option<f64>, parameters: &mut [f32], gradients: &mut [f32]) {
        match self {
            Self::Adam { step, decay, moment1, moment2, highest } => {
                step.lr = lr;
                step.decoupled = *decay * lr;
                step.beta1 = momentum.unwrap_or(step.beta1);
                step.t = step.t.saturating_add(1);
                adam(*step, parameters, gradients, moment1, moment2, highest.as_deref_mut());
            }
            Self::Sgd { step, share, velocity } => {
                step.lr = lr;
                step.momentum = step.momentum.map(|own| momentum.unwrap_or(own));
                sgd(*step, parameters, gradients, velocity);
                step.share = *share;
            }
            Self::RmsProp { step, squares, mean, velocity } => {
                step.lr = lr;
                step.momentum = step.momentum.map(|own| momentum.unwrap_or(own));
                rmsprop(*step, parameters, gradients, squares, mean.as_deref_mut(), velocity);
            }
        }
    }

    /// Writes or reads all that steps change; `None` where that was an optimizer of other settings or parameters.
    pub(super) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        match self {
            Self::Adam { step, moment1, moment2, highest, .. } => {
                let mut t = step.t.unsigned_abs() as usize;
                codec.count(&mut t)?;
                step.t = t.try_into().ok()?;
                codec.singles(moment1)?;
                codec.singles(moment2)?;
                codec.singles(highest.as_deref_mut().unwrap_or_default())
            }
            Self::Sgd { step, velocity, .. } => {
                codec.single(&mut step.share)?;
                codec.singles(velocity)
            }
            Self::RmsProp { squares, mean, velocity, .. } => {
                codec.singles(squares)?;
                codec.singles(mean.as_deref_mut().unwrap_or_default())?;
                codec.singles(velocity)
            }
        }
    }
}
