//! One fit: mini-batches in seeded order, a training pass, a step of the optimizer.

use super::{
    Checkpoints, End, Ended, Objective,
    ends::Cut,
    history::Hooked,
    loss::Criterion,
    lowered::Lowered,
    progress::Progress,
    reach::check_program,
    snapshot::Snapshot,
    state::{Reader, Writer},
    taped::Taped,
    watch::Watching,
};
use crate::{
    data::{Fit, Validation},
    error::Failure,
    limit::Clock,
    model::Network,
    program::Program,
    recipe::Train,
    seed::{Key, Purpose, Seed},
};

/// What trains a network, step by step.
pub(super) trait Stepper<N, T: Objective> {
    /// One step on the given rows, with noise from `key`; gives the loss before it, and stops where that is not finite.
    fn step(
        &mut self,
        network: &mut N,
        criterion: &mut Criterion<'_, T>,
        rows: &[usize],
        key: Key,
    ) -> Result<f32, Failure>;

    /// Gives the network the weights that are scored and kept after the steps so far. The next step goes on from those
    /// that are trained, whatever becomes of the network's in between.
    fn store(&mut self, network: &mut N);

    /// Whether the steps so far have reached every tensor that is to be trained.
    ///
    /// # Errors
    /// [`Failure::Untrained`].
    fn reaches(&self, _network: &N) -> Result<(), Failure> {
        Ok(())
    }

    /// The learning rate of the next step.
    fn lr(&self) -> f64;

    /// The learning rate that the schedule is of, from the next step on.
    fn set_lr(&mut self, lr: f64);

    /// Writes the state after an epoch: what `network` has that is not trained, the parameters, and what turns gradients
    /// into steps.
    fn write(&self, network: &N, to: &mut Writer);

    /// Reads what [`write`](Self::write) wrote of the same training, which goes on from there with the same bits; `None`
    /// where it was another, and then it cannot go on.
    fn read(&mut self, network: &mut N, from: &mut Reader<'_>) -> Option<()>;
}

/// What a fit does beside its network and rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course<'a> {
    pub(crate) recipe: &'a Train,
    pub(crate) seed: Seed,
    /// The number of the fold that the rows are of.
    pub(crate) fold: u32,
    /// When each of the trainings ends that the fit is.
    pub(crate) ends: &'a [End],
    pub(crate) clock: &'a Clock,
    pub(crate) hooked: &'a Hooked<'a>,
    /// Who keeps its states on the way, where somebody does.
    pub(crate) checkpoints: Option<&'a dyn Checkpoints>,
}

/// The rows of a fold that a fit takes.
#[derive(Debug)]
pub(crate) struct Views<'a, T> {
    pub(crate) fit: Fit<'a, T>,
    /// There where the recipe watches something.
    pub(crate) stop: Option<Validation<'a, T>>,
}

/// Trains `network` on the rows to fit, and calls `at` with trainings that end, when they do, and the network that each
/// of them leaves. It stays as the last of them leaves it.
///
/// Where `lower` says how, the steps run as a [`Program`]; else on dfdx's tape.
///
/// # Errors
/// [`Failure::Diverged`] at the first loss that is not finite; [`Failure::Untrained`]; [`Failure::Device`], [`Failure::TimedOut`],
/// [`Failure::Interrupted`]; those of what is watched.
pub(crate) fn fit<T: Objective, N: Network<Output = T::Output>>(
    network: &mut N,
    views: &Views<'_, T>,
    course: Course<'_>,
    lower: Option<fn(&N) -> Program>,
    at: impl FnMut(&N, &[Ended<'_>]),
) -> Result<(), Failure> {
    let Course { recipe, .. } = course;
    match lower {
        Some(lower) => {
            let begin = |it: &N| {
                let program = lower(it);
                check_program(it, &program)?;
                Lowered::new(program, recipe, &views.fit)
            };
            epochs(network, views, course, begin, at)
        }
        None => epochs(network, views, course, |it| Taped::new(it, recipe, &views.fit), at),
    }
}

fn epochs<T: Objective, N: Network<Output = T::Output>, S: Stepper<N, T>>(
    network: &mut N,
    views: &Views<'_, T>,
    course: Course<'_>,
    begin: impl Fn(&N) -> Result<S, Failure>,
    mut at: impl FnMut(&N, &[Ended<'_>]),
) -> Result<(), Failure> {
    let Course { recipe, seed, fold, clock, hooked, checkpoints, .. } = course;
    let view = &views.fit;
    let watch = views.stop.as_ref().map(|view| Watching::new(recipe, view)).transpose()?;
    let (mut stepper, mut progress) = (begin(network)?, Progress::new(course));
    let mut below = usize::MAX;
    while let Some((epochs, state)) = checkpoints.and_then(|checkpoints| checkpoints.from(below)) {
        let before = Snapshot::of(network);
        if progress.go_on((epochs, &state), network, &mut stepper).is_some() {
            break;
        }
        before.restore(network);
        (stepper, progress) = (begin(network)?, Progress::new(course));
        below = epochs;
    }
    if progress.epoch > 0 && progress.open.has_last(progress.epoch) {
        // The state is that with which they end.
        stepper.store(network);
        progress.open.close(network, progress.epoch, None, None).show(network, &mut at);
    }
    let mut criterion = Criterion::new(view, recipe)?;
    let mut order = Vec::with_capacity(view.len());
    while !progress.open.is_empty() {
        order.clear();
        order.extend_from_slice(view.rows());
        if recipe.shuffle {
            seed.key(Purpose::BatchOrder).fold(fold).epoch(progress.epoch as u32).shuffle(&mut order);
        }
        let noise = seed.key(Purpose::Noise).fold(fold).epoch(progress.epoch as u32);
        progress.history.begin(stepper.lr());
        for (batch, rows) in order.chunks(recipe.batch_size).take(recipe.batches(order.len())).enumerate() {
            let lr = progress.history.has_hooks().then(|| stepper.lr());
            let loss = stepper.step(network, &mut criterion, rows, noise.batch(batch as u32))?;
            if !loss.is_finite() {
                return Err(Failure::Diverged { epoch: progress.epoch + 1, batch: batch + 1, loss });
            }
            progress.history.batch(batch + 1, rows.len(), loss, lr);
            clock.check(progress.epoch + 1, batch + 1)?;
        }
        progress.epoch += 1;
        if progress.open.has_last(progress.epoch) {
            stepper.reaches(network)?;
        }
        if watch.is_some() || progress.open.has_last(progress.epoch) || hooked.has_rules {
            stepper.store(network);
        }
        let watched = watch.as_ref().map(|watch| watch.measure(network, &criterion)).transpose()?;
        if let (Some(plateau), Some(value)) = (&mut progress.plateau, watched) {
            stepper.set_lr(plateau.epoch(value));
        }
        let by = progress.history.end(watched);
        let before = checkpoints.map(|checkpoints| (checkpoints, Snapshot::of(network)));
        let closed = progress.open.close(network, progress.epoch, watched, by);
        if before.is_none() && progress.open.is_empty() {
            // What only steps need, the largest part of a fit's memory, goes before the scoring takes its own.
            drop((stepper, criterion, order));
            closed.show(network, &mut at);
            break;
        }
        let cut = closed.show(network, &mut at);
        if let Some((checkpoints, before)) = before {
            keep(checkpoints, &before, network, &stepper, &progress, cut);
        }
    }
    Ok(())
}

/// Keeps the state after an epoch, after which trainings may have ended, where somebody wants it. `network` stays as it
/// is, and was as `before` when none of them had.
fn keep<T: Objective, N: Network<Output = T::Output>>(
    checkpoints: &dyn Checkpoints,
    before: &Snapshot,
    network: &mut N,
    stepper: &impl Stepper<N, T>,
    progress: &Progress<'_>,
    mut cut: Cut,
) {
    let epoch = progress.epoch;
    let goes_on = !progress.open.is_empty() && checkpoints.wants(epoch);
    let ends = !cut.is_empty() && checkpoints.wants_ends();
    if !goes_on && !ends {
        return;
    }
    let left = Snapshot::of(network);
    if ends && let Some(seen) = checkpoints.end(epoch).and_then(|earlier| progress.seen(&earlier, network)) {
        // What takes the place of an earlier state knows its rules, too.
        cut.add(seen);
    }
    before.restore(network);
    let state = progress.state(network, stepper, &cut);
    left.restore(network);
    if ends {
        checkpoints.keep_end(epoch, state.clone());
    }
    if goes_on {
        checkpoints.keep(epoch, state);
    }
}
