//! The epoch loop: mini-batches in seeded order, a training step on each, and what follows an epoch.

use super::{
    checkpoint::{CheckpointSink, Snapshot},
    course::{Course, Views},
    evaluate::ValidationMonitor,
    loss::{Criterion, TrainTarget},
    step::{ProgramStep, TapeStep, TrainStep, check_program},
    stop::{FinishedCandidate, Resumable},
    training_state::TrainingState,
};
use crate::{error::Failure, model::Network, program::Program, seed::Purpose};

/// Trains `network` on the rows to fit. Calls `on_finish` whenever candidates stop, with the network that each of them
/// leaves. The network stays as the last of them leaves it.
///
/// With `lower`, the steps run as a [`Program`]; without, on dfdx's tape.
///
/// # Errors
/// [`Failure::Diverged`] at the first loss that is not finite; [`Failure::Untrained`]; [`Failure::Device`];
/// [`Failure::TimedOut`]; [`Failure::Interrupted`]; those of the quantity that the recipe watches.
pub(crate) fn train_epochs<T: TrainTarget, N: Network<Output = T::Output>>(
    network: &mut N,
    views: &Views<'_, T>,
    course: Course<'_>,
    lower: Option<fn(&N) -> Program>,
    on_finish: impl FnMut(&N, &[FinishedCandidate<'_>]),
) -> Result<(), Failure> {
    let Course { recipe, .. } = course;
    match lower {
        Some(lower) => {
            let begin = |it: &N| {
                let program = lower(it);
                check_program(it, &program)?;
                ProgramStep::new(program, recipe, &views.fit)
            };
            train_by(network, views, course, begin, on_finish)
        }
        None => train_by(network, views, course, |it| TapeStep::new(it, recipe, &views.fit), on_finish),
    }
}

/// Trains with the step that `begin` makes for a network.
fn train_by<T: TrainTarget, N: Network<Output = T::Output>, S: TrainStep<N, T>>(
    network: &mut N,
    views: &Views<'_, T>,
    course: Course<'_>,
    begin: impl Fn(&N) -> Result<S, Failure>,
    mut on_finish: impl FnMut(&N, &[FinishedCandidate<'_>]),
) -> Result<(), Failure> {
    let Course { recipe, seed, fold, clock, hook_context, checkpoints, .. } = course;
    let view = &views.fit;
    let monitor = views.stop.as_ref().map(|view| ValidationMonitor::new(recipe, view)).transpose()?;
    let (mut train_step, mut state) = resume(network, course, begin)?;
    if state.epoch > 0 && state.running.has_last(state.epoch) {
        // These candidates stop in the very state from which the training continues.
        train_step.store(network);
        state
            .running
            .finish(network, state.epoch, None, None, state.hook_calls.curve())
            .hand_over(network, &mut on_finish);
    }
    let mut criterion = Criterion::new(view, recipe)?;
    let mut order = Vec::with_capacity(view.len());
    while !state.running.is_empty() {
        order.clear();
        order.extend_from_slice(view.rows());
        if recipe.shuffle {
            seed.key(Purpose::BatchOrder).fold(fold).epoch(state.epoch as u32).shuffle(&mut order);
        }
        let noise = seed.key(Purpose::Noise).fold(fold).epoch(state.epoch as u32);
        let batches = recipe.batches(order.len());
        for (batch, rows) in order.chunks(recipe.batch_size).take(batches).enumerate() {
            let is_shown = state.hook_calls.has_hooks() || batch + 1 == batches;
            let lr = is_shown.then(|| train_step.lr());
            let loss = train_step.step(network, &mut criterion, rows, noise.batch(batch as u32))?;
            if !loss.is_finite() {
                return Err(Failure::Diverged { epoch: state.epoch + 1, batch: batch + 1, loss });
            }
            state.hook_calls.batch(batch + 1, rows.len(), loss, lr);
            clock.check(state.epoch + 1, batch + 1)?;
        }
        state.epoch += 1;
        if state.running.has_last(state.epoch) {
            train_step.check_reach(network)?;
        }
        if monitor.is_some() || state.running.has_last(state.epoch) || hook_context.has_rules {
            train_step.store(network);
        }
        let watched = monitor.as_ref().map(|monitor| monitor.measure(network, &criterion)).transpose()?;
        if let (Some(plateau), Some(value)) = (&mut state.plateau, watched) {
            train_step.set_lr(plateau.epoch(value));
        }
        let stopped_by = state.hook_calls.end_epoch(watched);
        let before = checkpoints.map(|checkpoints| (checkpoints, Snapshot::of(network)));
        let finished = state.running.finish(network, state.epoch, watched, stopped_by, state.hook_calls.curve());
        if before.is_none() && state.running.is_empty() {
            // The memory of the steps, most of a fit's, is free before the scoring takes its own.
            drop((train_step, criterion, order));
            finished.hand_over(network, &mut on_finish);
            break;
        }
        let resumable = finished.hand_over(network, &mut on_finish);
        if let Some((checkpoints, before)) = before {
            keep(checkpoints, &before, network, &train_step, &state, resumable);
        }
    }
    Ok(())
}

/// The step and the state with which the training begins: those of the latest usable checkpoint, which `network` then
/// has, too; else those before the first epoch.
fn resume<'a, T: TrainTarget, N: Network<Output = T::Output>, S: TrainStep<N, T>>(
    network: &mut N,
    course: Course<'a>,
    begin: impl Fn(&N) -> Result<S, Failure>,
) -> Result<(S, TrainingState<'a>), Failure> {
    let mut below = usize::MAX;
    loop {
        let (mut train_step, mut state) = (begin(network)?, TrainingState::new(course));
        let latest = course.checkpoints.and_then(|checkpoints| checkpoints.from(below));
        let Some((epochs, bytes)) = latest else { return Ok((train_step, state)) };
        let before = Snapshot::of(network);
        if state.resume((epochs, &bytes), network, &mut train_step).is_some() {
            return Ok((train_step, state));
        }
        before.restore(network);
        below = epochs;
    }
}

/// Keeps the state after an epoch, where the checkpoints ask for it. `network` stays as it is; `before` holds its
/// tensors from before the candidates of the epoch were handed over.
fn keep<T: TrainTarget, N: Network<Output = T::Output>>(
    checkpoints: &dyn CheckpointSink,
    before: &Snapshot,
    network: &mut N,
    train_step: &impl TrainStep<N, T>,
    state: &TrainingState<'_>,
    mut resumable: Resumable,
) {
    let epoch = state.epoch;
    let continues = !state.running.is_empty() && checkpoints.wants(epoch);
    let ends = !resumable.is_empty() && checkpoints.wants_ends();
    if !continues && !ends {
        return;
    }
    let after = Snapshot::of(network);
    if ends && let Some(states) = checkpoints.end(epoch).and_then(|earlier| state.rule_states(&earlier, network)) {
        // The new state replaces the earlier one, and keeps the rules that only that one has.
        resumable.add(states);
    }
    before.restore(network);
    let bytes = state.to_bytes(network, train_step, &resumable);
    after.restore(network);
    if ends {
        checkpoints.keep_end(epoch, bytes.clone());
    }
    if continues {
        checkpoints.keep(epoch, bytes);
    }
}
