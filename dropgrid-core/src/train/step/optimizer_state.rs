//! The state of the recipe's optimizer.

use super::schedule_free::ScheduleFreeAdamW;
use crate::{
    error::Failure,
    kernel::{
        AlignedVec,
        update::{
            Adadelta, Adagrad, Adam, Adamax, Lion, NAdam, RAdam, RmsProp, Sgd, adadelta, adagrad, adam, adamax, lion,
            nadam, radam, rmsprop, sgd,
        },
    },
    recipe::{Optimizer, Train},
    train::checkpoint::StateCodec,
};

/// An optimizer: its settings, and its buffers of one number per parameter.
///
/// A `decay` is a decoupled weight decay, which a step multiplies by its learning rate. Any other weight decay is the
/// `l2` of a step.
pub(super) enum OptimizerState {
    Adam {
        step: Adam,
        decay: f64,
        moment1: AlignedVec,
        moment2: AlignedVec,
        highest: Option<AlignedVec>,
    },
    NAdam {
        step: NAdam,
        decay: f64,
        momentum_decay: f64,
        moment1: AlignedVec,
        moment2: AlignedVec,
    },
    RAdam {
        step: RAdam,
        decay: f64,
        moment1: AlignedVec,
        moment2: AlignedVec,
    },
    Adamax {
        step: Adamax,
        moment: AlignedVec,
        highest: AlignedVec,
    },
    Lion {
        step: Lion,
        decay: f64,
        moment: AlignedVec,
    },
    Sgd {
        step: Sgd,
        /// The factor of a gradient in the velocity after the first step: 1 minus the dampening.
        share: f32,
        velocity: AlignedVec,
    },
    RmsProp {
        step: RmsProp,
        squares: AlignedVec,
        mean: Option<AlignedVec>,
        velocity: AlignedVec,
    },
    Adagrad {
        step: Adagrad,
        squares: AlignedVec,
    },
    Adadelta {
        step: Adadelta,
        squares: AlignedVec,
        steps: AlignedVec,
    },
    ScheduleFree(ScheduleFreeAdamW),
}

impl OptimizerState {
    /// Makes the optimizer of `recipe` before its first step, for `len` parameters.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out.
    pub(super) fn new(recipe: &Train, len: usize) -> Result<Self, Failure> {
        let &Train { lr, beta1, beta2, eps, weight_decay, alpha, .. } = recipe;
        let momentum = recipe.momentum.filter(|momentum| *momentum > 0.0);
        let zeros = || AlignedVec::filled(0.0, len);
        let zeros_where = |wanted: bool| wanted.then(zeros).transpose();
        let velocity = || AlignedVec::filled(0.0, if momentum.is_some() { len } else { 0 });
        let is_decoupled = recipe.optimizer == Optimizer::AdamW || recipe.decoupled_weight_decay;
        let (l2, decay) = if is_decoupled { (0.0, weight_decay) } else { (weight_decay, 0.0) };
        let (decoupled, t) = (0.0, 0);
        Ok(match recipe.optimizer {
            Optimizer::Adam | Optimizer::AdamW => Self::Adam {
                step: Adam { lr, beta1, beta2, eps, l2, decoupled, t },
                decay,
                moment1: zeros()?,
                moment2: zeros()?,
                highest: zeros_where(recipe.amsgrad)?,
            },
            Optimizer::NAdam => Self::NAdam {
                step: NAdam { lr, beta1, beta2, eps, l2, decoupled, t, momentums: [0.0; 2], product: 1.0 },
                decay,
                momentum_decay: recipe.momentum_decay,
                moment1: zeros()?,
                moment2: zeros()?,
            },
            Optimizer::RAdam => Self::RAdam {
                step: RAdam { lr, beta1, beta2, eps, l2, decoupled, t },
                decay,
                moment1: zeros()?,
                moment2: zeros()?,
            },
            Optimizer::Adamax => Self::Adamax {
                step: Adamax { lr, beta1, beta2, eps, l2: weight_decay, t },
                moment: zeros()?,
                highest: zeros()?,
            },
            Optimizer::Lion => {
                Self::Lion { step: Lion { lr, beta1, beta2, decoupled }, decay: weight_decay, moment: zeros()? }
            }
            Optimizer::Sgd => Self::Sgd {
                // The first velocity is the full gradient.
                step: Sgd { lr, momentum, share: 1.0, nesterov: recipe.nesterov, l2: weight_decay },
                share: (1.0 - recipe.dampening) as f32,
                velocity: velocity()?,
            },
            Optimizer::RmsProp => Self::RmsProp {
                step: RmsProp { lr, alpha, eps, momentum, l2: weight_decay },
                squares: zeros()?,
                mean: zeros_where(recipe.centered)?,
                velocity: velocity()?,
            },
            Optimizer::Adagrad => Self::Adagrad {
                step: Adagrad { lr, lr_decay: recipe.lr_decay, eps, l2: weight_decay, t },
                squares: AlignedVec::filled(recipe.initial_accumulator_value as f32, len)?,
            },
            Optimizer::Adadelta => Self::Adadelta {
                step: Adadelta { lr, alpha, eps, l2: weight_decay },
                squares: zeros()?,
                steps: zeros()?,
            },
            Optimizer::AdamWScheduleFree => Self::ScheduleFree(ScheduleFreeAdamW::new(recipe, len)?),
        })
    }

    /// Takes one step along `gradients` at the learning rate `lr`. It may overwrite `gradients`. If `momentum` is
    /// `Some`, it replaces the beta1 of Adam and its variants, or the momentum of SGD and RMSprop if they have one.
    pub(super) fn step(&mut self, lr: f64, momentum: Option<f64>, parameters: &mut [f32], gradients: &mut [f32]) {
        match self {
            Self::Adam { step, decay, moment1, moment2, highest } => {
                step.lr = lr;
                step.decoupled = *decay * lr;
                step.beta1 = momentum.unwrap_or(step.beta1);
                step.t = step.t.saturating_add(1);
                adam(*step, parameters, gradients, moment1, moment2, highest.as_deref_mut());
            }
            Self::NAdam { step, decay, momentum_decay, moment1, moment2 } => {
                step.lr = lr;
                step.decoupled = *decay * lr;
                step.beta1 = momentum.unwrap_or(step.beta1);
                step.t = step.t.saturating_add(1);
                let beta1 = step.beta1;
                let momentum = |t: f64| beta1 * (1.0 - 0.5 * libm::pow(0.96, t * *momentum_decay));
                step.momentums = [0.0, 1.0].map(|later| momentum(f64::from(step.t) + later));
                step.product *= step.momentums[0];
                nadam(*step, parameters, gradients, moment1, moment2);
            }
            Self::RAdam { step, decay, moment1, moment2 } => {
                step.lr = lr;
                step.decoupled = *decay * lr;
                step.beta1 = momentum.unwrap_or(step.beta1);
                step.t = step.t.saturating_add(1);
                radam(*step, parameters, gradients, moment1, moment2);
            }
            Self::Adamax { step, moment, highest } => {
                step.lr = lr;
                step.beta1 = momentum.unwrap_or(step.beta1);
                step.t = step.t.saturating_add(1);
                adamax(*step, parameters, gradients, moment, highest);
            }
            Self::Lion { step, decay, moment } => {
                step.lr = lr;
                step.decoupled = *decay * lr;
                step.beta1 = momentum.unwrap_or(step.beta1);
                lion(*step, parameters, gradients, moment);
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
            Self::Adagrad { step, squares } => {
                step.lr = lr;
                step.t = step.t.saturating_add(1);
                adagrad(*step, parameters, gradients, squares);
            }
            Self::Adadelta { step, squares, steps } => {
                step.lr = lr;
                adadelta(*step, parameters, gradients, squares, steps);
            }
            Self::ScheduleFree(state) => state.step(lr, momentum, parameters, gradients),
        }
    }

    /// Returns the weights to score and save if they are an average that the optimizer holds; `None` otherwise.
    pub(super) fn average(&self) -> Option<&[f32]> {
        if let Self::ScheduleFree(state) = self { state.average() } else { None }
    }

    /// Returns true for an optimizer that scores an average.
    pub(super) fn averages(&self) -> bool {
        matches!(self, Self::ScheduleFree(_))
    }

    /// Writes or reads everything that steps change. `None` if the stored state is of an optimizer with other settings
    /// or parameters.
    pub(super) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        match self {
            Self::Adam { step, moment1, moment2, highest, .. } => {
                codec.steps(&mut step.t)?;
                codec.singles(moment1)?;
                codec.singles(moment2)?;
                codec.singles(highest.as_deref_mut().unwrap_or_default())
            }
            Self::NAdam { step, moment1, moment2, .. } => {
                codec.steps(&mut step.t)?;
                codec.double(&mut step.product)?;
                codec.singles(moment1)?;
                codec.singles(moment2)
            }
            Self::RAdam { step, moment1, moment2, .. } => {
                codec.steps(&mut step.t)?;
                codec.singles(moment1)?;
                codec.singles(moment2)
            }
            Self::Adamax { step, moment, highest } => {
                codec.steps(&mut step.t)?;
                codec.singles(moment)?;
                codec.singles(highest)
            }
            Self::Lion { moment, .. } => codec.singles(moment),
            Self::Sgd { step, velocity, .. } => {
                codec.single(&mut step.share)?;
                codec.singles(velocity)
            }
            Self::RmsProp { squares, mean, velocity, .. } => {
                codec.singles(squares)?;
                codec.singles(mean.as_deref_mut().unwrap_or_default())?;
                codec.singles(velocity)
            }
            Self::Adagrad { step, squares } => {
                codec.steps(&mut step.t)?;
                codec.singles(squares)
            }
            Self::Adadelta { squares, steps, .. } => {
                codec.singles(squares)?;
                codec.singles(steps)
            }
            Self::ScheduleFree(state) => state.code(codec),
        }
    }
}
