//! The state of a training between two epochs.

use super::{
    checkpoint::StateCodec,
    course::Course,
    hook_calls::HookCalls,
    loss::TrainTarget,
    step::TrainStep,
    stop::{PlateauState, Running},
};
use crate::{nn::Parts, recipe::EarlyStopping};

/// The state of a training between two epochs, except its network, its step and its curve.
pub(super) struct TrainingState<'a> {
    /// The number of trained epochs.
    pub(super) epoch: usize,
    pub(super) plateau: Option<PlateauState>,
    pub(super) running: Running,
    /// The key of the training and the number of its fold. The bytes of a state must match both.
    key: (&'a str, u32),
    /// The number of epochs over which the schedule is spread; `None` if it is not spread. With another number the
    /// training would differ from its first step on.
    spread: Option<usize>,
}

impl<'a> TrainingState<'a> {
    /// Makes the state before the first epoch. Its bytes also contain the states of `other_rules`.
    pub(super) fn new(course: Course<'a>, other_rules: &[EarlyStopping]) -> Self {
        let Course { recipe, stop_conditions, fold, trajectory, .. } = course;
        let direction = recipe.monitor.direction();
        Self {
            epoch: 0,
            plateau: recipe.schedule.plateau().map(|rule| PlateauState::new(rule, direction, recipe.lr)),
            running: Running::new(stop_conditions, other_rules, direction),
            key: (trajectory, fold),
            spread: recipe.spread(),
        }
    }

    /// Returns the bytes of the whole training. From them [`resume`](Self::resume) continues it with these candidates,
    /// and with candidates that have more epochs. The network is unchanged.
    pub(super) fn bytes<T: TrainTarget>(
        &mut self,
        network: &mut dyn Parts,
        train_step: &mut dyn TrainStep<T>,
        hook_calls: &mut HookCalls<'_, '_>,
    ) -> Vec<u8> {
        let mut codec = StateCodec::writer();
        // Only reading fails.
        let _ = self.code(network, train_step, hook_calls, &mut codec);
        codec.seal()
    }

    /// Continues from the bytes of the same training on the same fold after `epochs` epochs. Returns `None` for other
    /// or damaged bytes, after which neither this state nor the network nor the step is usable.
    pub(super) fn resume<T: TrainTarget>(
        &mut self,
        (epochs, bytes): (usize, &[u8]),
        network: &mut dyn Parts,
        train_step: &mut dyn TrainStep<T>,
        hook_calls: &mut HookCalls<'_, '_>,
    ) -> Option<()> {
        if self.running.is_past(epochs) {
            return None;
        }
        self.epoch = epochs;
        let mut codec = StateCodec::reader(bytes)?;
        self.code(network, train_step, hook_calls, &mut codec)?;
        (hook_calls.curve().epochs.len() == epochs && codec.is_at_end()).then_some(())
    }

    fn code<T: TrainTarget>(
        &mut self,
        network: &mut dyn Parts,
        train_step: &mut dyn TrainStep<T>,
        hook_calls: &mut HookCalls<'_, '_>,
        codec: &mut StateCodec<'_>,
    ) -> Option<()> {
        let (trajectory, fold) = self.key;
        codec.text(trajectory)?;
        codec.constant(fold as usize)?;
        codec.constant(self.epoch)?;
        codec.constant(self.spread.unwrap_or(0))?;
        self.running.code(network, codec)?;
        train_step.code(network, codec)?;
        if let Some(plateau) = &mut self.plateau {
            plateau.code(codec)?;
        }
        hook_calls.code(codec)
    }
}
