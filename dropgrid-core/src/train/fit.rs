//! One fit: mini-batches in seeded order, a training pass, a step of the optimizer.

use dfdx::tensor::Cpu;

use super::{Objective, loss::Criterion, lowered::Lowered, taped::Taped};
use crate::{
    data::{Features, Fit, batches},
    error::Failure,
    limit::Clock,
    model::Network,
    phase::{Evaluation, Pass},
    program::Program,
    recipe::Train,
    seed::{Key, Purpose, Seed},
};

/// Rows of an evaluation batch: large enough that a batch costs nothing beside its rows.
const EVALUATION_ROWS: usize = 512;

/// What trains a network, step by step.
pub(super) trait Stepper<N, T> {
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
}

/// What a fit does beside its network and rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course<'a> {
    pub(crate) recipe: &'a Train,
    pub(crate) seed: Seed,
    /// The number of the fold that the rows are of.
    pub(crate) fold: u32,
    /// The numbers of epochs after which it is looked at; they ascend, and the last is the end.
    pub(crate) stops: &'a [usize],
    pub(crate) clock: &'a Clock,
}

/// Trains `network` on the rows of `view`, and calls `at` with the number of epochs after each of the course's stops.
/// There the network is what it would be had training ended.
///
/// Where `lower` says how, the steps run as a [`Program`]; else on dfdx's tape.
///
/// # Errors
/// [`Failure::Diverged`] at the first loss that is not finite; [`Failure::Device`], [`Failure::TimedOut`],
/// [`Failure::Interrupted`].
pub(crate) fn fit<T: Objective, N: Network<Output = T::Output>>(
    network: &mut N,
    view: &Fit<'_, T>,
    course: Course<'_>,
    lower: Option<fn(&N) -> Program>,
    at: impl FnMut(&N, usize),
) -> Result<(), Failure> {
    match lower {
        Some(lower) => {
            let lowered = Lowered::new(lower(network), course.recipe, view)?;
            epochs(network, view, course, lowered, at)
        }
        None => {
            let taped = Taped::new(network, course.recipe, view)?;
            epochs(network, view, course, taped, at)
        }
    }
}

fn epochs<T: Objective, N>(
    network: &mut N,
    view: &Fit<'_, T>,
    Course { recipe, seed, fold, stops, clock }: Course<'_>,
    mut stepper: impl Stepper<N, T>,
    mut at: impl FnMut(&N, usize),
) -> Result<(), Failure> {
    let mut criterion = Criterion::new(view, recipe)?;
    let mut order = Vec::with_capacity(view.len());
    let mut stops = stops.iter().peekable();
    let mut epoch = 0;
    while stops.peek().is_some() {
        order.clear();
        order.extend_from_slice(view.rows());
        if recipe.shuffle {
            seed.key(Purpose::BatchOrder).fold(fold).epoch(epoch as u32).shuffle(&mut order);
        }
        let noise = seed.key(Purpose::Noise).fold(fold).epoch(epoch as u32);
        for (batch, rows) in order.chunks(recipe.batch_size).take(recipe.batches(order.len())).enumerate() {
            let loss = stepper.step(network, &mut criterion, rows, noise.batch(batch as u32))?;
            if !loss.is_finite() {
                return Err(Failure::Diverged { epoch: epoch + 1, batch: batch + 1, loss });
            }
            clock.check(epoch + 1, batch + 1)?;
        }
        epoch += 1;
        if stops.next_if(|&&stop| stop <= epoch).is_some() {
            stepper.store(network);
            at(network, epoch);
        }
    }
    Ok(())
}

/// The loss of the given rows by an evaluation pass of `network`: what the criterion's fit makes small, see
/// [`Criterion::evaluation_loss`].
///
/// # Errors
/// [`Failure::Device`]; [`Failure::Scoring`] where all the rows have the weight 0.
#[allow(dead_code, reason = "early stopping asks it")]
pub(crate) fn evaluation_loss<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    criterion: &Criterion<'_, T>,
    rows: &[usize],
) -> Result<f64, Failure> {
    let mut outputs = Vec::with_capacity(rows.len() * batches::width::<T::Output>());
    evaluate(network, criterion.data().features(), rows, |_, output| {
        outputs.extend(output.values());
        Ok(())
    })?;
    criterion.evaluation_loss(&outputs, rows)
}

/// Evaluation passes of `network` on the given rows, one batch after the other.
fn evaluate<N: Network>(
    network: &N,
    features: &Features,
    rows: &[usize],
    mut each: impl FnMut(&[usize], Pass<N::Output, Evaluation>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let cpu = Cpu::default();
    for rows in rows.chunks(EVALUATION_ROWS) {
        let input = batches::gather::<N::Sample>(&cpu, features, rows.iter().copied());
        each(rows, network.evaluate(Pass::<N::Sample, Evaluation>::from_tensor(input))?)?;
    }
    Ok(())
}

/// What metrics see of `network` for the given rows, row-major, in evaluation batches.
///
/// # Errors
/// [`Failure::NonFiniteOutput`], [`Failure::Device`].
pub(crate) fn predict<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    features: &Features,
    rows: &[usize],
) -> Result<Vec<f64>, Failure> {
    outputs(network, features, rows, T::predictions)
}

/// What `take` makes of what `network` gives for the given rows, in evaluation batches.
///
/// # Errors
/// [`Failure::NonFiniteOutput`], [`Failure::Device`].
pub(crate) fn outputs<N: Network>(
    network: &N,
    features: &Features,
    rows: &[usize],
    take: impl Fn(&Pass<N::Output, Evaluation>) -> Vec<f64>,
) -> Result<Vec<f64>, Failure> {
    let mut taken = Vec::new();
    evaluate(network, features, rows, |rows, output| {
        finite(&output.values(), rows, batches::width::<N::Output>())?;
        taken.extend(take(&output));
        Ok(())
    })?;
    Ok(taken)
}

/// Refuses outputs, `width` a row, of which one is not finite.
///
/// # Errors
/// [`Failure::NonFiniteOutput`].
pub(crate) fn finite(values: &[f32], rows: &[usize], width: usize) -> Result<(), Failure> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Failure::NonFiniteOutput { row: rows[at / width], value: values[at] }),
    }
}
