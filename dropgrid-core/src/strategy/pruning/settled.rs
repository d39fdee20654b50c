//! What is decided on the candidates of a pruning.

use super::{
    others::{Others, Ranked},
    values::values_of,
};
use crate::{
    record::{Budget, Curve, Record},
    space::Space,
    strategy::{Elimination, Trials, View},
};

/// A candidate's state.
pub(super) enum State {
    /// It had its whole training.
    Complete,
    Pruned(Elimination),
    /// It needs this budget.
    Open(Budget),
}

/// A candidate that goes on: what a rule that looked at it decided stays.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) number: u64,
    /// The budget that it has on every fold.
    pub(super) done: Option<Budget>,
    /// The budget that it needs.
    pub(super) next: Budget,
}

/// The candidates that are decided: what is decided on them stays.
pub(super) struct Settled<P> {
    /// All candidates below this number are decided or open.
    pub(super) end: u64,
    /// Those that are open, ascending: no more than there are at once.
    pub(super) open: Vec<Open>,
    /// The number of those that are decided.
    pub(super) count: usize,
    pub(super) pruned: Vec<Elimination>,
    /// Those that had their whole training, ascending, and their monitored values, for a rule that compares.
    complete: Vec<u64>,
    values: Vec<Vec<f64>>,
    ranked: Ranked,
    /// Their records for a model of the scores: to it a pruned candidate is one whose score is NaN.
    pub(super) trials: Option<Trials<P>>,
}

impl<P> Default for Settled<P> {
    fn default() -> Self {
        let (open, pruned, complete, values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { end: 0, open, count: 0, pruned, complete, values, ranked: Ranked::default(), trials: None }
    }
}

impl<P: Clone> Settled<P> {
    /// The candidates that had their whole training and for which `is_compared` is true: the first ones.
    /// `are_lasting` says that every later comparison has these candidates among its own.
    pub(super) fn others(&mut self, is_compared: impl Fn(u64) -> bool, are_lasting: bool) -> Others<'_> {
        let count = self.complete.partition_point(|&earlier| is_compared(earlier));
        if are_lasting {
            self.ranked.extend(&self.values, count);
        }
        Others::with_ranks(&self.values[..count], &self.ranked)
    }

    /// Adds a candidate that is decided. Its values are kept where the rule `compares`.
    pub(super) fn add<S: Space<Params = P>>(&mut self, view: &View<'_, S>, number: u64, state: State, compares: bool) {
        self.count += 1;
        let Some(trial) = view.trials.get(number) else { return };
        let records: Vec<Record> = match state {
            State::Open(_) => return,
            State::Complete => {
                if let Some(values) = values_of(view, trial, Budget::Full).filter(|_| compares) {
                    let place = self.complete.partition_point(|&earlier| earlier < number);
                    self.complete.insert(place, number);
                    self.values.insert(place, values);
                }
                trial.at(Budget::Full).to_vec()
            }
            State::Pruned(elimination) => {
                self.pruned.push(elimination);
                let first = trial.records().first().map_or(Budget::Full, |record| record.budget);
                let outcome = Ok(vec![f64::NAN; view.metrics.len()]);
                let pruned = |record: &Record| Record { outcome: outcome.clone(), ..record.clone() };
                trial.at(first).iter().map(pruned).collect()
            }
        };
        let Some(trials) = &mut self.trials else { return };
        for record in records {
            let record = Record { budget: Budget::Full, curve: Curve::default(), ..record };
            trials.add(|| trial.params.clone(), record);
        }
    }
}
