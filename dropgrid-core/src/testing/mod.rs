//! Promises that every model should keep, as checks for its own tests.
//!
//! `#[searchable(tests)]` writes a `#[test]` for each promise and architecture into the crate of the model. By hand,
//! [`check`] does the same in one call. A broken promise panics, and says which candidate and layer it is of.

mod promise;
mod strategy;

pub use strategy::check_strategy;

use self::promise::Promise;
use crate::{
    model::Model,
    seed::{Purpose, Seed},
    space::{Enumeration, Space, architectures, every_value, sample},
};

/// Candidates that are built one by one; of a larger space a sample of so many.
const CANDIDATES: u64 = 1000;

/// Checks every promise for every architecture of `M`.
///
/// # Panics
/// Where a promise is broken.
pub fn check<M: Model>() {
    for architecture in 0..architectures(&M::Space::default()).count() {
        builds::<M>(architecture);
        training_changes_the_weights::<M>(architecture);
        training_lowers_the_loss::<M>(architecture);
        evaluation_repeats_itself::<M>(architecture);
        saving_keeps_the_predictions::<M>(architecture);
        training_is_random::<M>(architecture);
    }
    every_candidate_is_in_range::<M>();
}

/// The architecture of that number builds.
///
/// # Panics
/// Where it does not.
pub fn builds<M: Model>(architecture: usize) {
    keep::<M>(architecture, Promise::Builds);
}

/// One training step on random data changes every trainable tensor.
///
/// # Panics
/// Where a tensor stays as it was.
pub fn training_changes_the_weights<M: Model>(architecture: usize) {
    keep::<M>(architecture, Promise::ChangesWeights);
}

/// A few steps on one random batch lower the loss on it.
///
/// # Panics
/// Where they do not.
pub fn training_lowers_the_loss<M: Model>(architecture: usize) {
    keep::<M>(architecture, Promise::LowersLoss);
}

/// Two evaluation passes of one network give the same bits.
///
/// # Panics
/// Where they do not.
pub fn evaluation_repeats_itself<M: Model>(architecture: usize) {
    keep::<M>(architecture, Promise::RepeatsItself);
}

/// A network that gets the tensors and settings of a trained one, which are what a file has, gives the same bits.
///
/// # Panics
/// Where it does not: a layer has state that its `TensorCollection` leaves out.
pub fn saving_keeps_the_predictions<M: Model>(architecture: usize) {
    keep::<M>(architecture, Promise::SavesAndLoads);
}

/// Where a dropout has a rate above 0, two training passes differ.
///
/// # Panics
/// Where they are equal.
pub fn training_is_random<M: Model>(architecture: usize) {
    keep::<M>(architecture, Promise::IsRandom);
}

/// Every candidate builds, with each of its values in its layer's range: all of a small space, a sample of a large one.
///
/// # Panics
/// Where a candidate does not.
pub fn every_candidate_is_in_range<M: Model>() {
    let space = M::Space::default();
    if let Err(error) = space.check() {
        panic!("{}: {error}", M::NAME);
    }
    let listed = space.axes().iter().all(|axis| axis.len().is_some()).then(|| Enumeration::new(&space));
    let len = listed.as_ref().and_then(|list| list.len().ok()).filter(|len| *len as u64 <= CANDIDATES);
    let drawn = |number| sample(&space, Seed(0).key(Purpose::Proposal).candidate(number)).ok();
    let candidates: Vec<M::Params> = match (listed, len) {
        (Some(list), Some(len)) => (0..len).filter_map(|at| list.nth(at)).collect(),
        _ => (0..CANDIDATES).filter_map(drawn).collect(),
    };
    assert!(!candidates.is_empty(), "{}: the space has no candidates", M::NAME);
    for params in every_value(&space).into_iter().chain(candidates) {
        if let Err(fault) = Promise::Builds.hold::<M>(&params) {
            panic!("{params}: {fault}");
        }
    }
}

/// Candidates of one architecture that are tried until one is of use to a promise.
const TRIES: u64 = 32;

/// Checks a promise on random candidates of one architecture, until one of them can show it. An architecture that the
/// rules leave no candidate is never trained, and has nothing to keep.
fn keep<M: Model>(architecture: usize, promise: Promise) {
    let space = M::Space::default();
    let Some(architecture) = architectures(&space).nth(architecture) else {
        panic!("{} has no architecture of number {architecture}", M::NAME);
    };
    let drawn = (0..TRIES).map_while(|number| architecture.sample(number));
    for params in drawn.chain(architecture.first()) {
        match promise.hold::<M>(&params) {
            Ok(true) => return,
            Ok(false) => {}
            Err(fault) => panic!("{params}: {fault}"),
        }
    }
}
