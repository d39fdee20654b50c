//! The promises themselves, on one candidate.

use crate::{
    error::Result,
    model::{Model, Network, Visitor, Weights},
    seed::Seed,
    train::trial,
};

/// What every candidate of every model should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    Builds,
    ChangesWeights,
    LowersLoss,
    RepeatsItself,
    IsRandom,
}

/// Steps in which the loss on one batch must become smaller.
const STEPS: u64 = 50;

impl Promise {
    /// Whether the candidate shows that the promise is kept; `false` where it cannot show it.
    ///
    /// # Errors
    /// What is wrong, where the promise is broken.
    pub(super) fn hold<M: Model>(self, params: &M::Params) -> Result<bool, String> {
        M::visit(params, self).map_err(|error| error.to_string())?
    }

    fn on<N: Network>(self, network: &mut N) -> Result<bool, String> {
        let text = |failure: crate::error::Failure| failure.to_string();
        match self {
            Self::Builds => {}
            Self::ChangesWeights => {
                let before = trial::weights(network);
                trial::steps(network, 3).map_err(text)?;
                let after = trial::weights(network);
                if let Some(((name, _), _)) = before.iter().zip(&after).find(|(before, after)| before.1 == after.1) {
                    return Err(format!("training does not change `{name}`"));
                }
            }
            Self::LowersLoss => {
                let before = trial::loss(network).map_err(text)?;
                trial::steps(network, STEPS).map_err(text)?;
                let after = trial::loss(network).map_err(text)?;
                let is_lower = after < before;
                if !is_lower {
                    return Err(format!("{STEPS} steps take the loss on a batch from {before} to {after}"));
                }
            }
            Self::RepeatsItself => {
                let once = trial::evaluate(network).map_err(text)?;
                if once != trial::evaluate(network).map_err(text)? {
                    return Err("two evaluation passes of one network differ".to_owned());
                }
            }
            Self::IsRandom => {
                if !trial::drops(network) {
                    return Ok(false);
                }
                let once = trial::train(network, 1).map_err(text)?;
                if once == trial::train(network, 2).map_err(text)? {
                    return Err("a dropout has a rate above 0, but two training passes are equal".to_owned());
                }
            }
        }
        Ok(true)
    }
}

impl<M: Model> Visitor<M> for Promise {
    type Value = Result<bool, String>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Weights) -> Result<N>) -> Self::Value {
        let mut network = build(&Weights::alone(Seed(0))).map_err(|error| error.to_string())?;
        self.on(&mut network)
    }
}
