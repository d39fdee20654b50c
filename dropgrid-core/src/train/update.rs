//! From gradients to steps: the one place where parameters change, for programs and for the tape.

use crate::{
    error::Failure,
    kernel::{
        filled,
        update::{Adam, RmsProp, Sgd, adam, rmsprop, sgd},
    },
    recipe::{Optimizer, Train},
};

/// What the recipe makes of gradients, with its state: whatever path computed them hands them over as one slice.
pub(super) struct Update {
    rule: Rule,
}

impl Update {
    /// At the start of a fit of `len` parameters.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(super) fn new(recipe: &Train, len: usize) -> Result<Self, Failure> {
        Ok(Self { rule: Rule::new(recipe, len)? })
    }

    /// One step along `gradients`.
    pub(super) fn step(&mut self, parameters: &mut [f32], gradients: &[f32]) {
        self.rule.step(parameters, gradients);
    }
}

/// An optimizer with its state.
enum Rule {
    Adam { step: Adam, moment1: Vec<f32>, moment2: Vec<f32> },
    Sgd { step: Sgd, velocity: Vec<f32> },
    RmsProp { step: RmsProp, average: Vec<f32>, velocity: Vec<f32> },
}

impl Rule {
    /// The optimizer that `recipe` describes, at its start, for `len` parameters.
    fn new(recipe: &Train, len: usize) -> Result<Self, Failure> {
        let Train { lr, weight_decay, nesterov, .. } = *recipe;
        let [beta1, beta2, eps] = [recipe.beta1, recipe.beta2, recipe.eps].map(|setting| setting as f32);
        let momentum = recipe.momentum.filter(|momentum| *momentum > 0.0).map(|momentum| momentum as f32);
        let (zeros, l2) = (|wanted: bool| filled(0.0, if wanted { len } else { 0 }), weight_decay as f32);
        let adam = |l2, decoupled| {
            let step = Adam { lr: lr as f32, beta1, beta2, eps, l2, decoupled, t: 0 };
            Ok(Self::Adam { step, moment1: zeros(true)?, moment2: zeros(true)? })
        };
        match recipe.optimizer {
            Optimizer::Adam => adam(l2, 0.0),
            Optimizer::AdamW => adam(0.0, (weight_decay * lr) as f32),
            Optimizer::Sgd => {
                let step = Sgd { lr: lr as f32, momentum, nesterov, l2 };
                Ok(Self::Sgd { step, velocity: zeros(momentum.is_some())? })
            }
            // As in TensorFlow and dfdx, the average of squares starts at 1.
            Optimizer::RmsProp => Ok(Self::RmsProp {
                step: RmsProp { lr: lr as f32, alpha: 0.9, eps, momentum, l2 },
                average: filled(1.0, len)?,
                velocity: zeros(momentum.is_some())?,
            }),
        }
    }

    fn step(&mut self, parameters: &mut [f32], gradients: &[f32]) {
        match self {
            Self::Adam { step, moment1, moment2 } => {
                step.t = step.t.saturating_add(1);
                adam(*step, parameters, gradients, moment1, moment2);
            }
            Self::Sgd { step, velocity } => sgd(*step, parameters, gradients, velocity),
            Self::RmsProp { step, average, velocity } => rmsprop(*step, parameters, gradients, average, velocity),
        }
    }
}
