//! The promises themselves, on one candidate.

use crate::{
    error::Result,
    model::{Init, Model, Network, Visitor},
    seed::Seed,
    train::random_batch::{self, RandomBatch},
};

/// A promise that every candidate of every model should keep.
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

/// Initial weights and data that a promise is tried with before it counts as broken: rectifiers that start dead, or a
/// mask that drops all of a small layer, are no fault of the model.
const ATTEMPTS: u64 = 8;

/// Training passes among which two must differ.
const PASSES: u64 = 64;

impl Promise {
    /// True where the candidate shows that the promise is kept, false where it cannot show it.
    ///
    /// # Errors
    /// The fault that breaks the promise.
    pub(super) fn hold<M: Model>(self, params: &M::Params) -> Result<bool, String> {
        let attempts = if self.is_certain() { 1 } else { ATTEMPTS };
        let mut last = Ok(false);
        for seed in 0..attempts {
            last = M::visit(params, Attempt { promise: self, seed }).map_err(|error| error.to_string())?;
            if last.is_ok() {
                break;
            }
        }
        last
    }

    /// True where one failure is enough to break the promise.
    fn is_certain(self) -> bool {
        matches!(self, Self::Builds | Self::RepeatsItself)
    }
}

/// One attempt at a promise.
#[derive(Debug, Clone, Copy)]
struct Attempt {
    promise: Promise,
    /// The seed of the initial weights and of the data.
    seed: u64,
}

impl Attempt {
    fn on<N: Network>(self, network: &mut N, batch: RandomBatch) -> Result<bool, String> {
        use Promise::{Builds, ChangesWeights, IsRandom, LowersLoss, RepeatsItself};
        let text = |failure: crate::error::Failure| failure.to_string();
        match self.promise {
            Builds => {}
            ChangesWeights => {
                let before = random_batch::weights(network);
                batch.steps(network, 3).map_err(text)?;
                let after = random_batch::weights(network);
                if let Some(((name, _), _)) = before.iter().zip(&after).find(|(before, after)| before.1 == after.1) {
                    return Err(format!("training does not change `{name}`"));
                }
            }
            LowersLoss => {
                if random_batch::weights(network).is_empty() {
                    return Ok(false);
                }
                let before = batch.loss(network).map_err(text)?;
                batch.steps(network, STEPS).map_err(text)?;
                let after = batch.loss(network).map_err(text)?;
                let is_lower = after < before;
                if !is_lower {
                    return Err(format!("{STEPS} steps take the loss on a batch from {before} to {after}"));
                }
            }
            RepeatsItself => {
                let once = batch.evaluate(network).map_err(text)?;
                if once != batch.evaluate(network).map_err(text)? {
                    return Err("two evaluation passes of one network differ".to_owned());
                }
            }
            IsRandom => {
                if !random_batch::drops(network) {
                    return Ok(false);
                }
                let once = batch.train(network, 0).map_err(text)?;
                for noise in 1..PASSES {
                    if once != batch.train(network, noise).map_err(text)? {
                        return Ok(true);
                    }
                }
                return Err("a dropout has a rate above 0, but two training passes are equal".to_owned());
            }
        }
        Ok(true)
    }
}

impl<M: Model> Visitor<M> for Attempt {
    type Value = Result<bool, String>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value {
        let mut network = build(&Init::alone(Seed(self.seed))).map_err(|error| error.to_string())?;
        self.on(&mut network, RandomBatch { seed: self.seed, columns: M::COLUMNS })
    }
}
