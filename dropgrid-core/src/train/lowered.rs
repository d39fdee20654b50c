//! Steps of a program: for networks of layers that dropgrid knows.

use dfdx::{nn::tensor_collection::TensorCollection, tensor::Cpu};

use super::{Objective, fit::Stepper};
use crate::{
    data::{Fit, batches::gather_into},
    error::Failure,
    kernel::{
        filled,
        update::{Adam, RmsProp, Sgd, adam, rmsprop, sgd},
    },
    nn::write_back,
    program::{Program, Run},
    recipe::{Optimizer, Train},
    seed::Key,
};

/// A program with its buffers and its optimizer.
pub(super) struct Lowered {
    run: Run,
    rule: Rule,
}

impl Lowered {
    /// At the start of a fit: allocates all that its steps need.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(super) fn new<T>(program: Program, recipe: &Train, view: &Fit<'_, T>) -> Result<Self, Failure>
    where
        T: Objective,
    {
        let mut run = Run::new(program, recipe.batch_size.min(view.len()))?;
        let rule = Rule::new(recipe, run.parameters().0.len())?;
        Ok(Self { run, rule })
    }
}

impl<T: Objective, N: TensorCollection<f32, Cpu>> Stepper<N, T> for Lowered {
    fn step(&mut self, _network: &mut N, view: &Fit<'_, T>, rows: &[usize], key: Key) -> Result<f32, Failure> {
        let data = view.data();
        gather_into(self.run.batch(), data.features(), rows);
        self.run.forward(rows.len(), key.words());
        let (output, gradient) = self.run.output(rows.len());
        let loss = data.targets().gradient(output, rows, gradient)?;
        if loss.is_finite() {
            self.run.backward(rows.len());
            let (parameters, gradients) = self.run.parameters();
            self.rule.step(parameters, gradients);
        }
        Ok(loss)
    }

    fn store(&self, network: &mut N) {
        write_back(self.run.program(), network);
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
