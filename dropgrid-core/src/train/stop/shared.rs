//! Candidates that share one training until each of them stops.

use std::rc::Rc;

use dfdx::{nn::tensor_collection::TensorCollection, tensor::Cpu};

use super::{
    condition::{StopCondition, read_rule, write_rule},
    early_stopping::{EarlyStoppingState, Verdict},
};
use crate::{
    metric::Direction,
    recipe::EarlyStopping,
    record::Curve,
    train::checkpoint::{Snapshot, StateReader, StateWriter, TensorChoice, read_tensors, write_tensors},
};

/// A candidate that has stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FinishedCandidate<'a> {
    /// Its position among the candidates of the training.
    pub(crate) position: usize,
    /// The epochs trained.
    pub(crate) trained: usize,
    /// The epoch whose weights are scored.
    pub(crate) scored: usize,
    /// The rule of the search that stopped it.
    pub(crate) stopped_by: Option<&'a str>,
    /// The epochs trained, up to the one after which it stopped.
    #[allow(dead_code, reason = "no record keeps it yet")]
    pub(crate) curve: &'a Curve,
}

/// The candidates that are still training.
pub(in crate::train) struct Running {
    direction: Direction,
    candidates: Vec<RunningCandidate>,
}

struct RunningCandidate {
    position: usize,
    stop: StopCondition,
    /// The early stopping of the candidate, and the weights that it gives back.
    rule: RuleState,
}

/// Early-stopping state of one rule.
#[derive(Clone)]
pub(in crate::train) struct RuleState {
    rule: Option<EarlyStopping>,
    early_stopping: Option<EarlyStoppingState>,
    /// The best epoch so far and its tensors, where the rule restores them.
    best: Option<(usize, Rc<Snapshot>)>,
}

/// Early-stopping state of candidates that stopped only because they reached their last epoch, and could be continued.
pub(in crate::train) struct Resumable(Vec<RuleState>);

impl Resumable {
    pub(in crate::train) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the states of other candidates that stopped after the same epoch.
    pub(in crate::train) fn add(&mut self, states: Vec<RuleState>) {
        self.0.extend(states);
    }
}

/// Candidates that stopped after the same epoch, to be scored.
pub(in crate::train) struct Finished<'a> {
    /// Each with the tensors to score, where these are not the network's.
    candidates: Vec<(FinishedCandidate<'a>, Option<Rc<Snapshot>>)>,
    /// The tensors after the epoch, from which other candidates continue.
    current: Option<Rc<Snapshot>>,
    resumable: Resumable,
}

impl Finished<'_> {
    /// Calls `on_finish` with the network as each of the candidates leaves it: once for all that share the same
    /// weights.
    ///
    /// Where others continue, the network is afterwards as it was after the epoch; else it has the weights of the last
    /// call. Returns the state of those that more epochs could continue.
    pub(in crate::train) fn hand_over<N: TensorCollection<f32, Cpu>>(
        self,
        network: &mut N,
        mut on_finish: impl FnMut(&N, &[FinishedCandidate<'_>]),
    ) -> Resumable {
        for same in self.candidates.chunk_by(|(a, _), (b, _)| a.scored == b.scored) {
            if let Some(tensors) = &same[0].1 {
                tensors.restore(network);
            }
            on_finish(network, &same.iter().map(|(candidate, _)| *candidate).collect::<Vec<_>>());
        }
        if let Some(current) = self.current {
            current.restore(network);
        }
        self.resumable
    }
}

impl RuleState {
    /// The state before the first epoch.
    fn new(rule: Option<EarlyStopping>, direction: Direction) -> Self {
        Self { rule, early_stopping: rule.map(|rule| EarlyStoppingState::new(rule, direction)), best: None }
    }

    fn restores_best(&self) -> bool {
        self.rule.is_some_and(|rule| rule.restore_best)
    }
}

impl Running {
    /// All candidates, before the first epoch.
    pub(in crate::train) fn new(stop_conditions: &[StopCondition], direction: Direction) -> Self {
        let candidate = |(position, stop): (usize, &StopCondition)| RunningCandidate {
            position,
            stop: *stop,
            rule: RuleState::new(stop.early_stopping, direction),
        };
        Self { direction, candidates: stop_conditions.iter().enumerate().map(candidate).collect() }
    }

    pub(in crate::train) fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// True where epoch number `epoch` is the last one of a candidate, whatever its scores.
    pub(in crate::train) fn has_last(&self, epoch: usize) -> bool {
        self.candidates.iter().any(|candidate| candidate.stop.epochs <= epoch)
    }

    /// True where a candidate should have stopped before epoch number `epoch`.
    pub(in crate::train) fn is_past(&self, epoch: usize) -> bool {
        self.candidates.iter().any(|candidate| candidate.stop.epochs < epoch)
    }

    /// Takes out the candidates that stop after epoch number `epoch`: because it is their last one, because early
    /// stopping says so of the `monitored` value, or because the rule `stopped_by` of the search does. `network` is as it
    /// is after the epoch, which is the last one of the `curve`.
    pub(in crate::train) fn finish<'a, N: TensorCollection<f32, Cpu>>(
        &mut self,
        network: &N,
        epoch: usize,
        monitored: Option<f64>,
        stopped_by: Option<&'a str>,
        curve: &'a Curve,
    ) -> Finished<'a> {
        let mut resumable = Vec::new();
        let mut current: Option<Rc<Snapshot>> = None;
        let mut finished: Vec<(FinishedCandidate<'_>, Option<Rc<Snapshot>>)> = Vec::new();
        self.candidates.retain_mut(|candidate| {
            let verdict = match (&mut candidate.rule.early_stopping, monitored) {
                (Some(early_stopping), Some(value)) => early_stopping.epoch(epoch, value),
                _ => Verdict::Continue,
            };
            if verdict == Verdict::Improved && candidate.rule.restores_best() {
                let current = current.get_or_insert_with(|| Rc::new(Snapshot::of(network)));
                candidate.rule.best = Some((epoch, Rc::clone(current)));
            }
            let by_itself = candidate.stop.epochs <= epoch || verdict == Verdict::Stop;
            let continues = !by_itself && stopped_by.is_none();
            if !continues {
                if verdict != Verdict::Stop && stopped_by.is_none() {
                    resumable.push(candidate.rule.clone());
                }
                let (scored, tensors) = match candidate.rule.best.take() {
                    Some((best, tensors)) if best < epoch => (best, Some(tensors)),
                    _ => (epoch, None),
                };
                let stopped_by = stopped_by.filter(|_| !by_itself);
                let position = candidate.position;
                finished.push((FinishedCandidate { position, trained: epoch, scored, stopped_by, curve }, tensors));
            }
            continues
        });
        // Candidates with this epoch's weights come first, while the network still has them.
        finished.sort_by_key(|(candidate, _)| (candidate.scored != epoch, candidate.scored));
        let current = (!self.is_empty() && finished.iter().any(|(_, tensors)| tensors.is_some()))
            .then(|| current.unwrap_or_else(|| Rc::new(Snapshot::of(network))));
        Finished { candidates: finished, current, resumable: Resumable(resumable) }
    }

    /// Writes the state of the running candidates and of the `resumable` ones. Candidates of the same rule have the
    /// same state, so it is written once. The network is afterwards as it was.
    pub(in crate::train) fn write<N: TensorCollection<f32, Cpu>>(
        &self,
        resumable: &Resumable,
        network: &mut N,
        to: &mut StateWriter,
    ) {
        let now = Snapshot::of(network);
        let mut states: Vec<&RuleState> = Vec::new();
        for state in self.candidates.iter().map(|candidate| &candidate.rule).chain(&resumable.0) {
            if states.iter().all(|other| other.rule != state.rule) {
                states.push(state);
            }
        }
        to.count(states.len());
        for RuleState { rule, early_stopping, best } in states {
            write_rule(*rule, to);
            if let Some(early_stopping) = early_stopping {
                early_stopping.write(to);
            }
            to.count(best.as_ref().map_or(0, |(epoch, _)| *epoch));
            if let Some((_, tensors)) = best {
                tensors.restore(network);
                write_tensors(network, TensorChoice::All, to);
            }
        }
        now.restore(network);
    }

    /// Reads the states that [`write`](Self::write) wrote. The network is afterwards as it was, unless the bytes are
    /// something else.
    pub(in crate::train) fn rule_states<N: TensorCollection<f32, Cpu>>(
        &self,
        network: &mut N,
        from: &mut StateReader<'_>,
    ) -> Option<Vec<RuleState>> {
        let now = Snapshot::of(network);
        let mut states = Vec::new();
        for _ in 0..from.count()? {
            let rule = if from.byte()? == 1 { Some(read_rule(from)?) } else { None };
            let mut state = RuleState::new(rule, self.direction);
            if let Some(early_stopping) = &mut state.early_stopping {
                early_stopping.read(from)?;
            }
            let best = from.count()?;
            if best > 0 {
                read_tensors(network, TensorChoice::All, from)?;
                state.best = Some((best, Rc::new(Snapshot::of(network))));
            }
            states.push(state);
        }
        now.restore(network);
        Some(states)
    }

    /// Reads what [`write`](Self::write) wrote into the candidates, by their rules and whatever their epochs; `None`
    /// where the rule of a candidate is missing. The network is afterwards as it was.
    pub(in crate::train) fn read<N: TensorCollection<f32, Cpu>>(
        &mut self,
        network: &mut N,
        from: &mut StateReader<'_>,
    ) -> Option<()> {
        let states = self.rule_states(network, from)?;
        self.candidates.iter_mut().try_for_each(|candidate| {
            candidate.rule = states.iter().find(|state| state.rule == candidate.rule.rule)?.clone();
            Some(())
        })
    }
}
