//! Candidates that share one training until each of them stops.

use std::rc::Rc;

use super::{
    condition::StopCondition,
    early_stopping::{EarlyStoppingState, EpochDecision},
};
use crate::{
    data::batches::Sample,
    metric::Direction,
    nn::Parts,
    recipe::EarlyStopping,
    train::{
        checkpoint::{Snapshot, StateCodec, TensorChoice, code_tensors},
        erased_network::ErasedNetwork,
    },
};

/// A candidate that has stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FinishedCandidate<'a> {
    /// Its position among the candidates of the training.
    pub(crate) position: usize,
    /// The number of trained epochs.
    pub(crate) trained: usize,
    /// The epoch whose weights are scored.
    pub(crate) scored: usize,
    /// The name of the search's rule that stopped it; `None` if no rule of the search did.
    pub(crate) stopped_by: Option<&'a str>,
    /// True if early stopping or a rule of the search stopped it. More epochs would then change nothing.
    pub(crate) by_rule: bool,
}

/// The candidates that are still training, and the early-stopping rules that have not stopped.
pub(in crate::train) struct Running {
    direction: Direction,
    candidates: Vec<RunningCandidate>,
    /// The state of each rule. If a candidate stopped only because it reached its last epoch, the state of its rule
    /// stays: with more epochs, the candidate could continue from here.
    rules: Vec<RuleState>,
}

struct RunningCandidate {
    position: usize,
    stop: StopCondition,
}

/// The state of one early-stopping rule, shared by all candidates with this rule.
struct RuleState {
    early_stopping: EarlyStoppingState,
    /// The best epoch so far and its tensors, if the rule restores them.
    best: Option<(usize, Rc<Snapshot>)>,
}

/// Candidates that stopped after the same epoch, to be scored.
pub(in crate::train) struct Finished<'a> {
    /// The candidates, each with the tensors to score; `None` if these are the network's current ones.
    candidates: Vec<(FinishedCandidate<'a>, Option<Rc<Snapshot>>)>,
    /// The tensors after the epoch, from which other candidates continue.
    current: Option<Rc<Snapshot>>,
}

/// A function that gets a network, and the candidates whose final network it is.
type OnFinish<'f, 'a, O> = dyn FnMut(&dyn ErasedNetwork<O>, &[FinishedCandidate<'a>]) + 'f;

impl<'a> Finished<'a> {
    pub(in crate::train) fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// Returns true if one of the candidates could continue with more epochs.
    pub(in crate::train) fn is_resumable(&self) -> bool {
        self.candidates.iter().any(|(candidate, _)| !candidate.by_rule)
    }

    /// Calls `on_finish` with the final network of each candidate, once for all that share the same weights.
    ///
    /// If others continue, the network then has the weights after the epoch again. Otherwise it has those of the last
    /// call.
    pub(in crate::train) fn hand_over<O: Sample>(
        self,
        network: &mut dyn ErasedNetwork<O>,
        on_finish: &mut OnFinish<'_, 'a, O>,
    ) {
        for same in self.candidates.chunk_by(|(a, _), (b, _)| a.scored == b.scored) {
            if let Some(tensors) = &same[0].1 {
                tensors.restore(network);
            }
            on_finish(network, &same.iter().map(|(candidate, _)| *candidate).collect::<Vec<_>>());
        }
        if let Some(current) = self.current {
            current.restore(network);
        }
    }
}

impl RuleState {
    /// Makes the state before the first epoch.
    fn new(rule: EarlyStopping, direction: Direction) -> Self {
        Self { early_stopping: EarlyStoppingState::new(rule, direction), best: None }
    }

    /// Writes or reads the state. The network is needed for its tensors.
    fn code(&mut self, network: &mut dyn Parts, codec: &mut StateCodec<'_>) -> Option<()> {
        self.early_stopping.code(codec)?;
        let mut epoch = self.best.as_ref().map_or(0, |(epoch, _)| *epoch);
        codec.count(&mut epoch)?;
        if epoch > 0 {
            if let Some((_, tensors)) = &self.best {
                tensors.restore(network);
            }
            code_tensors(network, TensorChoice::All, codec)?;
            self.best = Some((epoch, Rc::new(Snapshot::of(network))));
        }
        Some(())
    }
}

/// Returns the state of a candidate's rule; `None` if it has no rule, or its rule is not among `rules`.
fn rule_of<'r>(stop: &StopCondition, rules: &'r [RuleState]) -> Option<&'r RuleState> {
    let rule = stop.early_stopping?;
    rules.iter().find(|state| state.early_stopping.rule() == rule)
}

impl Running {
    /// Makes the state of all candidates before the first epoch. Saved states contain their rules and `others`.
    pub(in crate::train) fn new(
        stop_conditions: &[StopCondition],
        others: &[EarlyStopping],
        direction: Direction,
    ) -> Self {
        let mut rules: Vec<RuleState> = Vec::new();
        for rule in stop_conditions.iter().filter_map(|stop| stop.early_stopping).chain(others.iter().copied()) {
            if rules.iter().all(|state| state.early_stopping.rule() != rule) {
                rules.push(RuleState::new(rule, direction));
            }
        }
        let candidates = stop_conditions.iter().enumerate();
        let candidates = candidates.map(|(position, stop)| RunningCandidate { position, stop: *stop }).collect();
        Self { direction, candidates, rules }
    }

    pub(in crate::train) fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// Iterates over the rules that have not stopped.
    pub(in crate::train) fn rules(&self) -> impl Iterator<Item = EarlyStopping> {
        self.rules.iter().map(|state| state.early_stopping.rule())
    }

    /// Returns true if epoch number `epoch` is the last one of some candidate, whatever its scores.
    pub(in crate::train) fn has_last(&self, epoch: usize) -> bool {
        self.candidates.iter().any(|candidate| candidate.stop.epochs <= epoch)
    }

    /// Returns true if some candidate should have stopped before epoch number `epoch`.
    pub(in crate::train) fn is_past(&self, epoch: usize) -> bool {
        self.candidates.iter().any(|candidate| candidate.stop.epochs < epoch)
    }

    /// Removes and returns the candidates that stop after epoch number `epoch`: because it is their last one, because
    /// early stopping ends them at the `monitored` value, or because the rule `stopped_by` of the search does.
    /// `snapshot` takes a snapshot of the network after the epoch.
    pub(in crate::train) fn finish<'a>(
        &mut self,
        epoch: usize,
        monitored: Option<f64>,
        stopped_by: Option<&'a str>,
        snapshot: &dyn Fn() -> Snapshot,
    ) -> Finished<'a> {
        let Self { candidates, rules, .. } = self;
        let mut current: Option<Rc<Snapshot>> = None;
        let mut stops = |state: &mut RuleState| {
            let verdict = monitored.map(|value| state.early_stopping.epoch(epoch, value));
            if verdict == Some(EpochDecision::Improved) && state.early_stopping.rule().restore_best {
                let current = current.get_or_insert_with(|| Rc::new(snapshot()));
                state.best = Some((epoch, Rc::clone(current)));
            }
            verdict == Some(EpochDecision::Stop)
        };
        let stopped: Vec<RuleState> = rules.extract_if(.., |state| stops(state)).collect();
        let mut finished: Vec<(FinishedCandidate<'_>, Option<Rc<Snapshot>>)> = Vec::new();
        candidates.retain(|&RunningCandidate { position, stop }| {
            let early_stop = rule_of(&stop, &stopped);
            let by_rule = early_stop.is_some() || stopped_by.is_some();
            let continues = !by_rule && epoch < stop.epochs;
            if !continues {
                let best = early_stop.or_else(|| rule_of(&stop, rules)).and_then(|state| state.best.as_ref());
                let (scored, tensors) = match best {
                    Some((best, tensors)) if *best < epoch => (*best, Some(Rc::clone(tensors))),
                    _ => (epoch, None),
                };
                let stopped_by = stopped_by.filter(|_| early_stop.is_none());
                finished.push((FinishedCandidate { position, trained: epoch, scored, stopped_by, by_rule }, tensors));
            }
            continues
        });
        // Candidates with this epoch's weights come first, while the network still has them.
        finished.sort_by_key(|(candidate, _)| (candidate.scored != epoch, candidate.scored));
        let current = (!self.is_empty() && finished.iter().any(|(_, tensors)| tensors.is_some()))
            .then(|| current.unwrap_or_else(|| Rc::new(snapshot())));
        Finished { candidates: finished, current }
    }

    /// Writes or reads the states of the rules, including rules of candidates that are not in this training. Returns
    /// `None` if the rule of a candidate is not among those read. The network is unchanged afterwards, unless the bytes
    /// are not valid.
    pub(in crate::train) fn code(&mut self, network: &mut dyn Parts, codec: &mut StateCodec<'_>) -> Option<()> {
        let now = Snapshot::of(network);
        let mut count = self.rules.len();
        codec.count(&mut count)?;
        if codec.is_reader() {
            self.rules.clear();
        }
        for at in 0..count {
            if at == self.rules.len() {
                self.rules.push(RuleState::new(EarlyStopping::default(), self.direction));
            }
            self.rules[at].code(network, codec)?;
        }
        now.restore(network);
        let has_rule =
            |it: &RunningCandidate| it.stop.early_stopping.is_none() || rule_of(&it.stop, &self.rules).is_some();
        self.candidates.iter().all(has_rule).then_some(())
    }
}
