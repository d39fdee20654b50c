//! The promises themselves, on one candidate.

use crate::{
    error::{Error, Failure, Result},
    model::{Head, Init, Model, Network, Visitor},
    nn::{Lower, evaluation_program},
    seed::Seed,
    train::random_batch::{self, RandomBatch, StateDict},
};

/// A promise that every candidate of every model should keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    Builds,
    ChangesWeights,
    LowersLoss,
    RepeatsItself,
    SavesAndLoads,
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
        if self == Self::SavesAndLoads {
            return saves_and_loads::<M>(params);
        }
        let attempts = if self.is_certain() { 1 } else { ATTEMPTS };
        let mut last = Ok(false);
        for seed in 0..attempts {
            let attempt = Attempt { work: self, initial: seed, seed, codes: codes::<M>(params)? };
            last = M::visit(params, attempt).map_err(|error| error.to_string())?;
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

/// What is done with a network and a batch for it.
trait Work {
    type Value;

    fn on<N: Network>(self, network: &mut N, batch: RandomBatch) -> Result<Self::Value, String>;
}

/// The work on one network.
#[derive(Debug, Clone, Copy)]
struct Attempt<W> {
    work: W,
    /// The seed of the initial weights.
    initial: u64,
    /// The seed of the data.
    seed: u64,
    /// The number of codes, where the network's type says that it takes codes.
    codes: Option<usize>,
}

fn codes<M: Model>(params: &M::Params) -> Result<Option<usize>, String> {
    Head::of::<M>(params).map(|head| head.codes).map_err(|error| error.to_string())
}

impl<W: Work> Attempt<W> {
    fn run<M: Model, N: Network>(
        self,
        build: impl FnOnce(&Init) -> Result<N>,
        codes: impl FnOnce(&N) -> Option<usize>,
    ) -> Result<W::Value, String> {
        let mut network = build(&Init::alone(Seed(self.initial))).map_err(|error| error.to_string())?;
        let codes = self.codes.or_else(|| codes(&network));
        let batch = RandomBatch { seed: self.seed, columns: M::COLUMNS, codes };
        self.work.on(&mut network, batch)
    }
}

impl<M: Model, W: Work> Visitor<M> for Attempt<W> {
    type Value = Result<W::Value, String>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value {
        self.run::<M, N>(build, |_| None)
    }

    fn visit_lowered<N>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value
    where
        N: Network<Output = M::Output> + Lower,
    {
        self.run::<M, N>(build, |network| evaluation_program(network).codes())
    }
}

/// A network that was trained for some steps: what a file of it has, and its outputs.
struct Save;

impl Work for Save {
    type Value = (StateDict, Vec<f32>);

    fn on<N: Network>(self, network: &mut N, batch: RandomBatch) -> Result<Self::Value, String> {
        batch.steps(network, 3).map_err(text)?;
        Ok((StateDict::of(network), batch.evaluate(network).map_err(text)?))
    }
}

/// A network of other weights, which gets what a file has: its outputs.
struct Load(StateDict);

impl Work for Load {
    type Value = Vec<f32>;

    fn on<N: Network>(self, network: &mut N, batch: RandomBatch) -> Result<Vec<f32>, String> {
        self.0.write(network).map_err(text)?;
        batch.evaluate(network).map_err(text)
    }
}

/// A network with the tensors and settings of a trained one has its outputs.
fn saves_and_loads<M: Model>(params: &M::Params) -> Result<bool, String> {
    let error = |error: Error| error.to_string();
    let codes = codes::<M>(params)?;
    let (state, outputs) = M::visit(params, Attempt { work: Save, initial: 0, seed: 0, codes }).map_err(error)??;
    let again = M::visit(params, Attempt { work: Load(state), initial: 1, seed: 0, codes }).map_err(error)??;
    if again == outputs {
        return Ok(true);
    }
    Err("a network that is saved and loaded has other outputs: some of its state is no tensor or setting".to_owned())
}

fn text(failure: Failure) -> String {
    failure.to_string()
}

impl Work for Promise {
    type Value = bool;

    fn on<N: Network>(self, network: &mut N, batch: RandomBatch) -> Result<bool, String> {
        use Promise::{Builds, ChangesWeights, IsRandom, LowersLoss, RepeatsItself, SavesAndLoads};
        match self {
            // Of two networks, see `saves_and_loads`.
            Builds | SavesAndLoads => {}
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
