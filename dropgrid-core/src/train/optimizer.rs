//! The recipe's optimizer on a network's tensors, by dfdx.

use dfdx::{
    optim::{Adam, AdamConfig, Momentum, Optimizer as _, RMSprop, RMSpropConfig, Sgd, SgdConfig, WeightDecay},
    tensor::{Cpu, Gradients},
};

use crate::{
    error::Failure,
    model::Network,
    recipe::{Optimizer, Train},
};

/// An optimizer with its state.
pub(super) enum Optimizing<N> {
    Adam(Adam<N, f32, Cpu>),
    Sgd(Sgd<N, f32, Cpu>),
    RmsProp(RMSprop<N, f32, Cpu>),
}

impl<N: Network> Optimizing<N> {
    /// The optimizer that `recipe` describes, at its start.
    pub(super) fn new(network: &N, recipe: &Train) -> Self {
        let Train { optimizer, lr, eps, beta1, beta2, momentum, nesterov, weight_decay, .. } = *recipe;
        let decay = (weight_decay > 0.0).then_some(weight_decay);
        let momentum = momentum.filter(|momentum| *momentum > 0.0);
        let adam = |weight_decay| AdamConfig { lr, betas: [beta1, beta2], eps, weight_decay };
        match optimizer {
            Optimizer::Adam => Self::Adam(Adam::new(network, adam(decay.map(WeightDecay::L2)))),
            Optimizer::AdamW => Self::Adam(Adam::new(network, adam(decay.map(WeightDecay::Decoupled)))),
            Optimizer::Sgd => {
                let kind = if nesterov { Momentum::Nesterov } else { Momentum::Classic };
                let weight_decay = decay.map(WeightDecay::L2);
                Self::Sgd(Sgd::new(network, SgdConfig { lr, momentum: momentum.map(kind), weight_decay }))
            }
            Optimizer::RmsProp => {
                let weight_decay = decay.map(WeightDecay::L2);
                let config = RMSpropConfig { lr, alpha: 0.9, eps, momentum, centered: false, weight_decay };
                Self::RmsProp(RMSprop::new(network, config))
            }
        }
    }

    /// One step along `gradients`.
    pub(super) fn step(&mut self, network: &mut N, gradients: &Gradients<f32, Cpu>) -> Result<(), Failure> {
        let done = match self {
            Self::Adam(adam) => adam.update(network, gradients),
            Self::Sgd(sgd) => sgd.update(network, gradients),
            Self::RmsProp(rmsprop) => rmsprop.update(network, gradients),
        };
        done.map_err(|error| Failure::Device { message: error.to_string() })
    }
}
