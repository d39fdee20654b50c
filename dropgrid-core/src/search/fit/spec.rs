//! A training as its hooks are told of it, and its outcome.

use crate::{
    error::{Failure, Result},
    hook::Hooks,
    recipe::Train,
    record::Curve,
    space::Params,
};

/// The candidates and the recipe of a training, for the hooks.
pub(super) struct FitSpec<'a, P> {
    pub(super) params: &'a P,
    pub(super) recipe: &'a Train,
    /// The most epochs.
    pub(super) epochs: usize,
    pub(super) fold: u32,
    /// The numbers of the candidates.
    pub(super) candidates: Vec<u64>,
    /// The names of the hyperparameters in which they differ.
    pub(super) differ: Vec<&'static str>,
    /// True where the search's stop rules may end the training.
    pub(super) has_rules: bool,
}

impl<'a, P: Params> FitSpec<'a, P> {
    /// A training of a candidate without a number, which stop rules may end.
    pub(super) fn one(params: &'a P, recipe: &'a Train, epochs: usize, fold: u32) -> Self {
        Self { params, recipe, epochs, fold, candidates: Vec::new(), differ: Vec::new(), has_rules: true }
    }

    /// A training that several candidates share.
    pub(super) fn shared(candidates: &[(Option<u64>, &P)], one: Self, hooks: &Hooks) -> Self {
        let differ = if hooks.is_empty() { Vec::new() } else { differing(candidates) };
        Self { candidates: candidates.iter().filter_map(|&(number, _)| number).collect(), differ, ..one }
    }
}

/// The names of the hyperparameters in which candidates differ.
fn differing<P: Params>(candidates: &[(Option<u64>, &P)]) -> Vec<&'static str> {
    let values: Vec<_> = candidates.iter().map(|(_, params)| params.values()).collect();
    let differs = |&(at, _): &(usize, &&str)| values.iter().any(|values_of| values_of[at] != values[0][at]);
    P::NAMES.iter().enumerate().filter(differs).map(|(_, name)| *name).collect()
}

/// The outcome of a training.
pub(super) struct Trained<R> {
    pub(super) done: Result<R, Failure>,
    /// The failure of a hook that was told of the end.
    pub(super) told: Result<(), Failure>,
    /// The epochs that were complete at the end.
    pub(super) curve: Curve,
}

impl<R> Trained<R> {
    /// The result of the training; of two failures the one of the training.
    pub(super) fn result(self) -> Result<R, Failure> {
        self.done.and_then(|done| self.told.map(|()| done))
    }
}
