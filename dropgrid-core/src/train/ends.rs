//! Trainings that are one training until one after the other ends.

use std::rc::Rc;

use dfdx::{nn::tensor_collection::TensorCollection, tensor::Cpu};

use super::{
    snapshot::Snapshot,
    state::{Reader, Which, Writer, read_tensors, write_tensors},
    stopper::{Stopper, Verdict},
};
use crate::{
    metric::Direction,
    recipe::{EarlyStopping, Train},
};

/// When one of the trainings ends: all that tells it from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct End {
    /// The most epochs.
    pub(crate) epochs: usize,
    pub(crate) early_stopping: Option<EarlyStopping>,
}

impl End {
    /// What `recipe` says of it.
    pub(crate) fn of(recipe: &Train) -> Self {
        Self { epochs: recipe.epochs, early_stopping: recipe.early_stopping }
    }
}

/// Writes the rule of a training that may end by itself.
fn write_rule(rule: Option<EarlyStopping>, to: &mut Writer) {
    to.byte(rule.is_some().into());
    if let Some(EarlyStopping { patience, min_delta, restore_best, start_from_epoch }) = rule {
        to.count(patience);
        to.double(min_delta);
        to.byte(restore_best.into());
        to.count(start_from_epoch);
    }
}

/// Reads what [`write_rule`] wrote of a rule that there is.
fn read_rule(from: &mut Reader<'_>) -> Option<EarlyStopping> {
    let (rule, min_delta) = (EarlyStopping::patience(from.count()?), from.double()?);
    let (restore_best, start) = (from.byte()? == 1, from.count()?);
    Some(rule.min_delta(min_delta).restore_best(restore_best).start_from_epoch(start))
}

/// A training that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended<'a> {
    /// Its place among the trainings.
    pub(crate) at: usize,
    /// Epochs trained.
    pub(crate) trained: usize,
    /// The epoch after which the network was as it is handed over.
    pub(crate) scored: usize,
    /// The rule that ended it.
    pub(crate) by: Option<&'a str>,
}

/// The trainings that go on.
pub(super) struct Open {
    direction: Direction,
    trainings: Vec<Training>,
}

/// What the rules have seen of trainings that have ended because it was their last epoch and for no other reason: with
/// more epochs they would go on.
pub(super) struct Cut(Vec<Seen>);

impl Cut {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what others have seen that ended like these.
    pub(super) fn add(&mut self, seen: Vec<Seen>) {
        self.0.extend(seen);
    }
}

/// Trainings that have ended with an epoch and are to be looked at.
pub(super) struct Closed<'a> {
    /// With the tensors that they keep, where these are not those after the epoch.
    ended: Vec<(Ended<'a>, Option<Rc<Snapshot>>)>,
    /// The tensors after the epoch, where others go on from them.
    kept: Option<Rc<Snapshot>>,
    cut: Cut,
}

impl Closed<'_> {
    /// Shows each of them to `at`, with the network of those tensors that it keeps: all with the same ones at once.
    ///
    /// Where others go on, the network is afterwards as it was after the epoch; else it is as the last ones have seen it.
    /// Gives those that more epochs would let go on.
    pub(super) fn show<N: TensorCollection<f32, Cpu>>(
        self,
        network: &mut N,
        mut at: impl FnMut(&N, &[Ended<'_>]),
    ) -> Cut {
        for alike in self.ended.chunk_by(|(a, _), (b, _)| a.scored == b.scored) {
            if let Some(tensors) = &alike[0].1 {
                tensors.restore(network);
            }
            at(network, &alike.iter().map(|(ended, _)| *ended).collect::<Vec<_>>());
        }
        if let Some(kept) = self.kept {
            kept.restore(network);
        }
        self.cut
    }
}

struct Training {
    at: usize,
    end: End,
    stopper: Option<Stopper>,
    /// The best epoch so far and its tensors, where they are to be given back.
    best: Option<(usize, Rc<Snapshot>)>,
    restores: bool,
}

impl Training {
    fn seen(&self) -> Seen {
        Seen { rule: self.end.early_stopping, stopper: self.stopper.clone(), best: self.best.clone() }
    }
}

/// What the rule of a training has seen so far.
pub(super) struct Seen {
    rule: Option<EarlyStopping>,
    stopper: Option<Stopper>,
    best: Option<(usize, Rc<Snapshot>)>,
}

impl Open {
    pub(super) fn new(ends: &[End], direction: Direction) -> Self {
        let training = |(at, end): (usize, &End)| Training {
            at,
            end: *end,
            stopper: end.early_stopping.map(|rule| Stopper::new(rule, direction)),
            best: None,
            restores: end.early_stopping.is_some_and(|rule| rule.restore_best),
        };
        Self { direction, trainings: ends.iter().enumerate().map(training).collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.trainings.is_empty()
    }

    /// Whether one of them ends with epoch number `epoch`, whatever it gives.
    pub(super) fn has_last(&self, epoch: usize) -> bool {
        self.trainings.iter().any(|training| training.end.epochs <= epoch)
    }

    /// Whether one of them should have ended before epoch number `epoch`.
    pub(super) fn is_past(&self, epoch: usize) -> bool {
        self.trainings.iter().any(|training| training.end.epochs < epoch)
    }

    /// Closes the trainings that end with epoch number `epoch`: because it is their last one, because of what it gave in
    /// the quantity that is `watched`, or `by` a rule. `network` is as it is after the epoch.
    pub(super) fn close<'a, N: TensorCollection<f32, Cpu>>(
        &mut self,
        network: &N,
        epoch: usize,
        watched: Option<f64>,
        by: Option<&'a str>,
    ) -> Closed<'a> {
        let mut cut = Vec::new();
        let mut now: Option<Rc<Snapshot>> = None;
        let mut ended: Vec<(Ended<'_>, Option<Rc<Snapshot>>)> = Vec::new();
        self.trainings.retain_mut(|training| {
            let verdict = match (&mut training.stopper, watched) {
                (Some(stopper), Some(value)) => stopper.epoch(epoch, value),
                _ => Verdict::GoOn,
            };
            if verdict == Verdict::Best && training.restores {
                let now = now.get_or_insert_with(|| Rc::new(Snapshot::of(network)));
                training.best = Some((epoch, Rc::clone(now)));
            }
            let by_itself = training.end.epochs <= epoch || verdict == Verdict::End;
            let goes_on = !by_itself && by.is_none();
            if !goes_on {
                if verdict != Verdict::End && by.is_none() {
                    cut.push(training.seen());
                }
                let (scored, tensors) = match training.best.take() {
                    Some((best, tensors)) if best < epoch => (best, Some(tensors)),
                    _ => (epoch, None),
                };
                let by = by.filter(|_| !by_itself);
                ended.push((Ended { at: training.at, trained: epoch, scored, by }, tensors));
            }
            goes_on
        });
        // Those that keep this epoch's tensors come first, while the network still has them.
        ended.sort_by_key(|(ended, _)| (ended.scored != epoch, ended.scored));
        let kept = (!self.is_empty() && ended.iter().any(|(_, tensors)| tensors.is_some()))
            .then(|| now.unwrap_or_else(|| Rc::new(Snapshot::of(network))));
        Closed { ended, kept, cut: Cut(cut) }
    }

    /// Writes the trainings that go on, and those that more epochs would let go on. Trainings of one rule have seen the
    /// same, so it is written once. `network` is afterwards as it is.
    pub(super) fn write<N: TensorCollection<f32, Cpu>>(&self, cut: &Cut, network: &mut N, to: &mut Writer) {
        let now = Snapshot::of(network);
        let open: Vec<Seen> = self.trainings.iter().map(Training::seen).collect();
        let mut rules: Vec<&Seen> = Vec::new();
        for seen in open.iter().chain(&cut.0) {
            if rules.iter().all(|known| known.rule != seen.rule) {
                rules.push(seen);
            }
        }
        to.count(rules.len());
        for Seen { rule, stopper, best } in rules {
            write_rule(*rule, to);
            if let Some(stopper) = stopper {
                stopper.write(to);
            }
            to.count(best.as_ref().map_or(0, |(epoch, _)| *epoch));
            if let Some((_, tensors)) = best {
                tensors.restore(network);
                write_tensors(network, Which::All, to);
            }
        }
        now.restore(network);
    }

    /// Reads what [`write`](Self::write) wrote. `network` is afterwards as it is, but where that was something else.
    pub(super) fn seen<N: TensorCollection<f32, Cpu>>(
        &self,
        network: &mut N,
        from: &mut Reader<'_>,
    ) -> Option<Vec<Seen>> {
        let now = Snapshot::of(network);
        let mut seen = Vec::new();
        for _ in 0..from.count()? {
            let rule = if from.byte()? == 1 { Some(read_rule(from)?) } else { None };
            let mut stopper = rule.map(|rule| Stopper::new(rule, self.direction));
            if let Some(stopper) = &mut stopper {
                stopper.read(from)?;
            }
            let best = match from.count()? {
                0 => None,
                epoch => {
                    read_tensors(network, Which::All, from)?;
                    Some((epoch, Rc::new(Snapshot::of(network))))
                }
            };
            seen.push(Seen { rule, stopper, best });
        }
        now.restore(network);
        Some(seen)
    }

    /// Reads what [`write`](Self::write) wrote, for trainings of those rules, whatever their epochs; `None` where the rule
    /// of one of these is not among them. `network` is afterwards as it is.
    pub(super) fn read<N: TensorCollection<f32, Cpu>>(&mut self, network: &mut N, from: &mut Reader<'_>) -> Option<()> {
        let known = self.seen(network, from)?;
        self.trainings.iter_mut().try_for_each(|training| {
            let Seen { stopper, best, .. } = known.iter().find(|seen| seen.rule == training.end.early_stopping)?;
            (training.stopper, training.best) = (stopper.clone(), best.clone());
            Some(())
        })
    }
}
