//! One fit: mini-batches in seeded order, a training pass, a step of the optimizer.

use super::{
    End, Ended, Objective,
    ends::Open,
    history::{History, Hooked},
    loss::Criterion,
    lowered::Lowered,
    plateau::Plateau,
    taped::Taped,
    watch::Watching,
};
use crate::{
    data::{Fit, Stop},
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

    /// The learning rate of the next step.
    fn lr(&self) -> f64;

    /// The learning rate that the schedule is of, from the next step on.
    fn set_lr(&mut self, lr: f64);
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
}

/// The rows of a fold that a fit takes.
#[derive(Debug)]
pub(crate) struct Views<'a, T> {
    pub(crate) fit: Fit<'a, T>,
    /// There where the recipe watches something.
    pub(crate) stop: Option<Stop<'a, T>>,
}

/// Trains `network` on the rows to fit, and calls `at` with trainings that end, when they do, and the network that each
/// of them leaves. It stays as the last of them leaves it.
///
/// Where `lower` says how, the steps run as a [`Program`]; else on dfdx's tape.
///
/// # Errors
/// [`Failure::Diverged`] at the first loss that is not finite; [`Failure::Device`], [`Failure::TimedOut`],
/// [`Failure::Interrupted`]; those of what is watched.
pub(crate) fn fit<T: Objective, N: Network<Output = T::Output>>(
    network: &mut N,
    views: &Views<'_, T>,
    course: Course<'_>,
    lower: Option<fn(&N) -> Program>,
    at: impl FnMut(&N, &[Ended<'_>]),
) -> Result<(), Failure> {
    match lower {
        Some(lower) => {
            let lowered = Lowered::new(lower(network), course.recipe, &views.fit)?;
            epochs(network, views, course, lowered, at)
        }
        None => {
            let taped = Taped::new(network, course.recipe, &views.fit)?;
            epochs(network, views, course, taped, at)
        }
    }
}

fn epochs<T: Objective, N: Network<Output = T::Output>>(
    network: &mut N,
    views: &Views<'_, T>,
    Course { recipe, seed, fold, ends, clock, hooked }: Course<'_>,
    mut stepper: impl Stepper<N, T>,
    mut at: impl FnMut(&N, &[Ended<'_>]),
) -> Result<(), Failure> {
    let view = &views.fit;
    let watch = views.stop.as_ref().map(|view| Watching::new(recipe, view)).transpose()?;
    let direction = recipe.watch.direction();
    let mut plateau = recipe.schedule.plateau().map(|rule| Plateau::new(rule, direction, recipe.lr));
    let mut open = Open::new(ends, direction);
    let mut criterion = Criterion::new(view, recipe)?;
    let mut order = Vec::with_capacity(view.len());
    let mut history = History::new(hooked);
    let mut epoch = 0;
    while !open.is_empty() {
        order.clear();
        order.extend_from_slice(view.rows());
        if recipe.shuffle {
            seed.key(Purpose::BatchOrder).fold(fold).epoch(epoch as u32).shuffle(&mut order);
        }
        let noise = seed.key(Purpose::Noise).fold(fold).epoch(epoch as u32);
        history.begin(stepper.lr());
        for (batch, rows) in order.chunks(recipe.batch_size).take(recipe.batches(order.len())).enumerate() {
            let lr = history.has_hooks().then(|| stepper.lr());
            let loss = stepper.step(network, &mut criterion, rows, noise.batch(batch as u32))?;
            if !loss.is_finite() {
                return Err(Failure::Diverged { epoch: epoch + 1, batch: batch + 1, loss });
            }
            history.batch(batch + 1, rows.len(), loss, lr);
            clock.check(epoch + 1, batch + 1)?;
        }
        epoch += 1;
        if watch.is_some() || open.has_last(epoch) || hooked.has_rules {
            stepper.store(network);
        }
        let watched = watch.as_ref().map(|watch| watch.measure(network, &criterion)).transpose()?;
        if let (Some(plateau), Some(value)) = (&mut plateau, watched) {
            stepper.set_lr(plateau.epoch(value));
        }
        let by = history.end(watched);
        open.close(network, epoch, watched, by, &mut at);
    }
    Ok(())
}
