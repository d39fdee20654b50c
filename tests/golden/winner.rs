//! A model that dropgrid fitted: the winner of a search of `Mlp`.

use dropgrid::prelude::*;

use super::*;

/// Its hyperparameters.
pub fn params() -> MlpParams {
    MlpParams {
        hidden: 4,
        act: MlpAct::ReLU,
        norm: 0.1,
        dropout: 0.2,
        lr: 0.01,
        optimizer: Optimizer::Sgd,
        momentum: Some(0.9),
    }
}

/// The model, from its file.
///
/// # Errors
/// Where the file is not there, or not that of this model.
pub fn load() -> dropgrid::Result<Fitted<Mlp, Classes<3>>> {
    Fitted::load("target/winner.safetensors")
}
