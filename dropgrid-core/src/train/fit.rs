//! The epoch loop: a training step on each mini-batch, in seeded order. After each epoch come validation, the curve,
//! and the candidates that stop.

use super::{
    checkpoint::Snapshot,
    course::{Course, Views},
    erased_network::ErasedNetwork,
    evaluate::{ValidationMonitor, curve_scores},
    hook_calls::{EpochMeasures, HookCalls},
    loss::{Criterion, TrainTarget},
    observer::TrainingObserver,
    step::{TrainStep, TrainingBackend},
    stop::Finished,
    training_state::TrainingState,
};
use crate::{data::batches::Sample, error::Failure, record::Curve, seed::Purpose};

/// Trains `network` on the training rows. Whenever candidates stop, the `observer` gets their network. It also gets the
/// states of the training if it asks for them. At the end the network is that of the last candidates. The `curve` has
/// the complete epochs, even if the training fails.
///
/// # Errors
/// [`Failure::Diverged`] at the first loss that is not finite; [`Failure::Untrained`]; [`Failure::Device`];
/// [`Failure::TimedOut`]; [`Failure::Interrupted`]; those of the quantity that the recipe watches.
pub(crate) fn train_epochs<T: TrainTarget>(
    network: &mut dyn ErasedNetwork<T::Output>,
    views: &Views<'_, T>,
    course: Course<'_>,
    backend: &dyn TrainingBackend<T>,
    curve: &mut Curve,
    observer: &mut dyn TrainingObserver<T::Output>,
) -> Result<(), Failure> {
    let Course { recipe, seed, fold, clock, hook_context, .. } = course;
    let view = &views.fit;
    let monitor = views.validation.as_ref().map(|view| ValidationMonitor::new(recipe, view)).transpose()?;
    let mut hook_calls = HookCalls::new(hook_context, curve);
    let (mut train_step, mut state) = resume(network, views, course, backend, &mut hook_calls, observer)?;
    if state.epoch > 0 && state.running.has_last(state.epoch) {
        // These candidates stop in the very state from which the training continues.
        train_step.store(network);
        let finished = state.running.finish(state.epoch, None, None, &|| Snapshot::of(network));
        let reach = train_step.check_reach(network);
        hand_over(finished, reach, state.running.is_empty(), None, network, (hook_calls.curve(), observer))?;
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
            let is_shown = hook_calls.has_hooks() || batch + 1 == batches;
            let lr = is_shown.then(|| train_step.update().lr());
            let loss = train_step.step(network, &mut criterion, rows, noise.batch(batch as u32))?;
            if !loss.is_finite() {
                return Err(Failure::Diverged { epoch: state.epoch + 1, batch: batch + 1, loss });
            }
            hook_calls.batch((state.epoch + 1, batch + 1), rows.len(), loss, lr);
            clock.check(state.epoch + 1, batch + 1)?;
        }
        state.epoch += 1;
        let has_curve_scores = !views.curve_metrics.is_empty();
        let is_looked_at = monitor.is_some() || hook_context.has_rules || has_curve_scores;
        if is_looked_at || state.running.has_last(state.epoch) {
            train_step.store(network);
        }
        let monitored = monitor.as_ref().map(|monitor| monitor.measure(network, &criterion)).transpose()?;
        if let (Some(plateau), Some(value)) = (&mut state.plateau, monitored) {
            train_step.update().set_lr(plateau.epoch(value));
        }
        let measures = EpochMeasures { monitored, scores: curve_scores(network, views, criterion.scaler())? };
        let stopped_by = hook_calls.end_epoch(measures);
        let finished = state.running.finish(state.epoch, monitored, stopped_by, &|| Snapshot::of(network));
        let reach = if finished.is_empty() { Ok(()) } else { train_step.check_reach(network) };
        let (ends, is_over) = (finished.is_resumable(), state.running.is_empty());
        let is_kept = (ends || !is_over) && observer.wants_state(state.epoch, ends);
        let kept = is_kept.then(|| (state.epoch, state.bytes(network, &mut *train_step, &mut hook_calls)));
        if is_over {
            // The memory of the training steps, most of a fit's, is freed before scoring allocates its own.
            drop((train_step, criterion, order));
            return hand_over(finished, reach, is_over, kept, network, (hook_calls.curve(), observer));
        }
        hand_over(finished, reach, is_over, kept, network, (hook_calls.curve(), observer))?;
    }
    Ok(())
}

/// Passes stopped candidates to the observer: each with its network, or with a failure if its steps did not `reach`
/// every tensor. The observer then saves the bytes of a state, with the number of trained epochs.
///
/// # Errors
/// That failure, if no other candidate continues.
fn hand_over<O: Sample>(
    finished: Finished<'_>,
    reach: Result<(), Failure>,
    is_over: bool,
    kept: Option<(usize, Vec<u8>)>,
    network: &mut dyn ErasedNetwork<O>,
    (curve, observer): (&Curve, &mut dyn TrainingObserver<O>),
) -> Result<(), Failure> {
    let ends = finished.is_resumable();
    match reach {
        Ok(()) => finished.hand_over(network, &mut |network, candidates| observer.finished(network, candidates, curve)),
        Err(failure) if is_over => return Err(failure),
        Err(failure) => finished.hand_over(network, &mut |_, candidates| observer.failed(candidates, curve, &failure)),
    }
    if let Some((epochs, bytes)) = kept {
        observer.keep_state(epochs, bytes, ends);
    }
    Ok(())
}

/// Returns the step and the state with which the training begins: those of the latest usable checkpoint, which
/// `network` then also has, or else the initial ones.
fn resume<'a, T: TrainTarget>(
    network: &mut dyn ErasedNetwork<T::Output>,
    views: &Views<'_, T>,
    course: Course<'a>,
    backend: &dyn TrainingBackend<T>,
    hook_calls: &mut HookCalls<'_, '_>,
    observer: &mut dyn TrainingObserver<T::Output>,
) -> Result<(Box<dyn TrainStep<T>>, TrainingState<'a>), Failure> {
    let (mut below, mut rules) = (usize::MAX, Vec::new());
    loop {
        let mut train_step = backend.begin(network, course.recipe, &views.fit)?;
        let mut state = TrainingState::new(course, &rules);
        hook_calls.clear();
        let latest = observer.longest_state(below);
        let Some((epochs, bytes)) = latest else { return Ok((train_step, state)) };
        let before = Snapshot::of(network);
        if state.resume((epochs, &bytes), network, &mut *train_step, hook_calls).is_some() {
            return Ok((train_step, state));
        }
        before.restore(network);
        // A state of this training may replace that one, from which candidates with other rules continue.
        rules.extend(state.running.rules());
        below = epochs;
    }
}
