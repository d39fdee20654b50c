//! Pruning: candidates are trained slice by slice, and a rule drops those whose monitored values are bad.

mod others;
mod patient;
mod percentile;
mod pruner;
mod settled;
#[cfg(test)]
mod tests;
mod threshold;
mod values;

pub use others::Others;
pub use patient::{AnyEpoch, PatientPruner};
pub use percentile::{MedianPruner, PercentilePruner};
pub use pruner::{Pruner, Watched};
pub use threshold::ThresholdPruner;

use std::{error, mem};

use super::{
    CandidateSource, Elimination, Proposal, Strategy, Trial, Trials, View,
    entrants::{Entrants, size},
    halving::unit::Unit,
};
use crate::{
    error::{Error, Result},
    record::{Budget, Job},
    space::Space,
    split::Warning,
};
use settled::{Open, Settled, State};
use values::values_of;

/// Candidates that are open at once, at most, of a rule that does not compare them: enough for many workers.
const AHEAD: u64 = 64;

/// Trains the candidates of a base, and prunes those that a [rule](Pruner) drops by their monitored values: optuna's
/// pruners, for cross-validation.
///
/// The recipe's [monitored quantity](crate::recipe::Train::monitor) is measured on rows that each fold sets aside from
/// its training part, never on a scored row; the rule gets its mean over the folds. A candidate trains on all folds up
/// to the next epoch that the rule looks at, and goes on from there bit for bit as if it had trained through. A pruned
/// candidate stays in the report, with the rule, the epoch and the numbers that decided, and ranks behind those that
/// had their whole training. One with a failed fit is pruned, too. The winner trains on all rows, with none set aside.
///
/// A rule that [compares](Pruner::compares) looks at the candidates before `i - lag`, on nothing else, to decide on
/// candidate `i`. So a search has the same bits on any number of workers, which train up to [`lag`](Self::lag) + 1
/// candidates side by side.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Grid, MedianPruner, Pruning, Tpe};
/// let of_grid = Pruning::new(Grid, MedianPruner::new());
/// let of_model = Pruning::new(Tpe::new(100), MedianPruner::new().n_warmup_steps(4)).lag(8);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pruning<B, R> {
    base: B,
    rule: R,
    lag: u64,
}

impl<B, R> Pruning<B, R> {
    /// A pruning of the candidates of `base` by `rule`.
    pub fn new(base: B, rule: R) -> Self {
        Self { base, rule, lag: 4 }
    }

    /// The number of candidates just before a candidate with which a comparing rule does not compare it; 4 by default.
    /// More lets more workers train side by side, and the rule knows less.
    pub fn lag(self, candidates: u64) -> Self {
        Self { lag: candidates, ..self }
    }
}

impl<B, R: Pruner> Pruning<B, R> {
    /// The states of the candidates that are not settled, in their order, up to the first whose decision waits for
    /// earlier ones. Those that are decided are settled.
    fn states<S: Space>(
        &self,
        view: &View<'_, S>,
        entrants: &Entrants<S::Params>,
        settled: &mut Settled<S::Params>,
    ) -> Vec<(u64, State)> {
        let (mut states, mut first_open, mut open) = (Vec::new(), None, 0);
        let from = entrants.numbers.partition_point(|&number| number < settled.end);
        let new = (from..entrants.numbers.len()).map(|at| (entrants.numbers[at], None, at < entrants.settled));
        let known = mem::take(&mut settled.open).into_iter().map(|open| (open.number, Some(open), true));
        let (compares, mut are_settled) = (self.rule.compares(), true);
        for (number, decided, is_next) in known.chain(new) {
            let is_before = |earlier: u64| earlier.saturating_add(self.lag) < number;
            let waits = if compares { first_open.is_some_and(is_before) } else { open >= AHEAD };
            if waits {
                break;
            }
            let Some(params) = entrants.params(view, number) else { continue };
            let done = view.trials.get(number).and_then(|trial| Some((trial, done_budget(trial)?)));
            let budget = done.map(|(_, budget)| budget);
            let state = match decided.filter(|open| open.done == budget) {
                Some(open) => State::Open(open.next),
                None => {
                    // All that a candidate is compared with is settled: it waits for those.
                    let others = settled.others(is_before, are_settled);
                    self.state(view, (view.epochs)(params), done, others)
                }
            };
            let next = if let State::Open(next) = state { Some(next) } else { None };
            if next.is_some() {
                first_open.get_or_insert(number);
                open += 1;
            }
            are_settled &= is_next && next.is_none();
            if is_next {
                settled.end = settled.end.max(number + 1);
                match next {
                    Some(next) => settled.open.push(Open { number, done: budget, next }),
                    None => {
                        settled.add(view, number, state, compares);
                        continue;
                    }
                }
            }
            states.push((number, state));
        }
        states
    }

    /// The state of a candidate with so many epochs in all, after the largest budget that it has on every fold.
    fn state<S: Space>(
        &self,
        view: &View<'_, S>,
        whole: u32,
        done: Option<(&Trial<S::Params>, Budget)>,
        others: Others<'_>,
    ) -> State {
        let after = match done {
            Some((_, Budget::Full)) => return State::Complete,
            Some((trial, budget @ Budget::Epochs(epochs))) => {
                let epochs = epochs.get();
                let eliminate = |reason: String| {
                    let (candidate, after) = (trial.number, Unit::Epochs.words(u64::from(epochs)));
                    State::Pruned(Elimination { candidate, after, reason: format!("{:?}: {reason}", self.rule) })
                };
                let Some(values) = values_of(view, trial, budget) else { return eliminate("a fit failed".to_owned()) };
                if values.len() < epochs as usize {
                    // Every fold has ended by itself.
                    return State::Open(Budget::Full);
                }
                let watched = Watched { monitored: view.monitored, values: &values, others };
                let reason = self.rule.is_due(epochs, others).then(|| self.rule.prunes(&watched)).flatten();
                match reason {
                    Some(reason) => return eliminate(reason),
                    None => epochs,
                }
            }
            _ => 0,
        };
        let next = (after + 1..whole).find(|&epoch| self.rule.is_due(epoch, others));
        State::Open(next.and_then(|epoch| Budget::epochs(epoch).ok()).unwrap_or(Budget::Full))
    }

    /// Calls `finish` with the candidates that are known, the settled ones, and the states of the others.
    fn candidates<S: Space, F>(
        &self,
        view: &View<'_, S>,
        finish: impl FnOnce(&Entrants<S::Params>, &Settled<S::Params>, Vec<(u64, State)>) -> F,
    ) -> Result<F, Box<dyn error::Error + Send + Sync>>
    where
        B: CandidateSource<S>,
    {
        let there_are = size(&self.base, view.space)?.unwrap_or(u64::MAX);
        let begun = view.trials.iter().next_back().map_or(0, |trial| trial.number + 1);
        let end = begun.saturating_add(AHEAD.max(self.lag.saturating_add(1))).min(there_are);
        let name = format!("pruning by {:?} lag {} {:?}", self.rule, self.lag, view.monitored);
        view.trials.decisions().with(&name, |settled: &mut Settled<S::Params>| {
            if !self.base.awaits_records() {
                let entrants = Entrants::behind(view, &self.base, settled.end, end)?;
                let states = self.states(view, &entrants, settled);
                return Ok(finish(&entrants, settled, states));
            }
            let known = settled.trials.get_or_insert_with(|| Trials::new(view.folds, view.error_score));
            let mut entrants = Entrants::behind(&View { trials: known, ..*view }, &self.base, settled.end, end)?;
            loop {
                let before = settled.count;
                let states = self.states(view, &entrants, settled);
                let Some(known) = settled.trials.as_ref().filter(|_| settled.count != before) else {
                    return Ok(finish(&entrants, settled, states));
                };
                // What is newly settled lets the base give more.
                entrants = Entrants::behind(&View { trials: known, ..*view }, &self.base, settled.end, end)?;
            }
        })
    }
}

impl<S: Space, B: CandidateSource<S>, R: Pruner> Strategy<S> for Pruning<B, R> {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        self.rule.check()?;
        if size(&self.base, view.space)? == Some(0) {
            return Err(Error::NoCandidates);
        }
        // The monitored values decide how many slices there are.
        Ok(None)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        self.candidates(view, |entrants, _, states| {
            let mut jobs: Vec<Job<S::Params>> = Vec::new();
            for (number, state) in states {
                if let State::Open(budget) = state {
                    jobs.extend(entrants.jobs(view, &[number], view.fold_count(), |_| budget));
                }
            }
            jobs
        })
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        let pruned = |(_, state)| if let State::Pruned(elimination) = state { Some(elimination) } else { None };
        let all = self.candidates(view, |_, settled, states| {
            settled.pruned.iter().cloned().chain(states.into_iter().filter_map(pruned)).collect::<Vec<_>>()
        });
        let mut all = all.unwrap_or_default();
        all.sort_by_key(|elimination| elimination.candidate);
        all
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        self.base.warning(view.space)
    }

    fn watches(&self) -> bool {
        true
    }

    fn learns(&self) -> bool {
        self.base.awaits_records()
    }

    fn is_of_space(&self) -> bool {
        self.base.is_of_space()
    }

    fn listed(&self) -> &[S::Params] {
        self.base.listed()
    }
}

/// The largest budget at which a candidate has a record on every fold.
fn done_budget<P>(trial: &Trial<P>) -> Option<Budget> {
    trial.records().iter().rev().map(|record| record.budget).find(|&budget| trial.is_done(budget))
}
