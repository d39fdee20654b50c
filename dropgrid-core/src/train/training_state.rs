//! The state of a training between two epochs.

use dfdx::{nn::tensor_collection::TensorCollection, tensor::Cpu};

use super::{
    checkpoint::{StateReader, StateWriter},
    course::Course,
    hook_calls::HookCalls,
    loss::TrainTarget,
    step::TrainStep,
    stop::{PlateauState, Resumable, RuleState, Running},
};

/// The state of a training between two epochs, beside its network and its step.
pub(super) struct TrainingState<'a> {
    /// Epochs trained.
    pub(super) epoch: usize,
    pub(super) plateau: Option<PlateauState>,
    pub(super) running: Running,
    pub(super) hook_calls: HookCalls<'a>,
    /// The key of the training and the number of its fold: the bytes of a state must be of both.
    key: (&'a str, u32),
    /// The number of epochs over which the schedule is spread, if it is: with another number the training would be
    /// another one from its first step.
    spread: Option<usize>,
}

impl<'a> TrainingState<'a> {
    /// The state before the first epoch.
    pub(super) fn new(Course { recipe, stop_conditions, hook_context, fold, trajectory, .. }: Course<'a>) -> Self {
        let direction = recipe.monitor.direction();
        Self {
            epoch: 0,
            plateau: recipe.schedule.plateau().map(|rule| PlateauState::new(rule, direction, recipe.lr)),
            running: Running::new(stop_conditions, direction),
            hook_calls: HookCalls::new(hook_context),
            key: (trajectory, fold),
            spread: recipe.spread(),
        }
    }

    /// The bytes of the whole training, from which [`resume`](Self::resume) continues it, and the `resumable`
    /// candidates with more epochs. The network stays as it is.
    pub(super) fn to_bytes<T: TrainTarget, N: TensorCollection<f32, Cpu>>(
        &self,
        network: &mut N,
        train_step: &impl TrainStep<N, T>,
        resumable: &Resumable,
    ) -> Vec<u8> {
        let (training, fold) = self.key;
        let mut to = StateWriter::default();
        to.text(training);
        to.count(fold as usize);
        to.count(self.epoch);
        to.count(self.spread.unwrap_or(0));
        self.running.write(resumable, network, &mut to);
        train_step.write(network, &mut to);
        if let Some(plateau) = &self.plateau {
            plateau.write(&mut to);
        }
        self.hook_calls.write(&mut to);
        to.seal()
    }

    /// Continues from the bytes of the same training on the same fold after so many `epochs`. Returns `None` for other
    /// or damaged bytes, after which neither this state nor the network nor the step is usable.
    pub(super) fn resume<T: TrainTarget, N: TensorCollection<f32, Cpu>>(
        &mut self,
        (epochs, bytes): (usize, &[u8]),
        network: &mut N,
        train_step: &mut impl TrainStep<N, T>,
    ) -> Option<()> {
        let mut from = self.open(bytes, epochs)?;
        self.epoch = epochs;
        if self.running.is_past(epochs) {
            return None;
        }
        self.running.read(network, &mut from)?;
        train_step.read(network, &mut from)?;
        if let Some(plateau) = &mut self.plateau {
            plateau.read(&mut from)?;
        }
        self.hook_calls.read(&mut from)?;
        (self.hook_calls.curve().epochs.len() == epochs && from.is_at_end()).then_some(())
    }

    /// The early-stopping states in the bytes of the same training after as many epochs; `None` for other or damaged
    /// bytes, after which the network is not usable.
    pub(super) fn rule_states<N: TensorCollection<f32, Cpu>>(
        &self,
        bytes: &[u8],
        network: &mut N,
    ) -> Option<Vec<RuleState>> {
        self.running.rule_states(network, &mut self.open(bytes, self.epoch)?)
    }

    /// The bytes behind the key of the training, where they are of the same training and fold after so many epochs.
    fn open<'b>(&self, bytes: &'b [u8], epochs: usize) -> Option<StateReader<'b>> {
        let mut from = StateReader::open(bytes)?;
        let key = (from.text()?, from.count()?, from.count()?, from.count()?);
        (key == (self.key.0, self.key.1 as usize, epochs, self.spread.unwrap_or(0))).then_some(from)
    }
}
