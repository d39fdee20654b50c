//! Where a training stands between two epochs, and the state that it can go on from.

use std::fmt;

use dfdx::{nn::tensor_collection::TensorCollection, tensor::Cpu};

use super::{
    Course, Objective,
    ends::{Cut, Open, Seen},
    fit::Stepper,
    history::History,
    plateau::Plateau,
    state::{Reader, Writer},
};

/// Who keeps the states of a training, and knows the one that it goes on from.
pub(crate) trait Checkpoints: fmt::Debug {
    /// By what the training is known: a text that no other one on the same fold has.
    fn training(&self) -> &str;

    /// The state with the most epochs, but fewer than `below`, that the training may go on from, and these epochs. One of
    /// another training or fold or of other epochs, and one that is damaged, count as none, and the next one is asked for: a
    /// training from its beginning has the same bits.
    fn from(&self, below: usize) -> Option<(usize, Vec<u8>)>;

    /// Whether the state after so many epochs is to be kept.
    fn wants(&self, epochs: usize) -> bool;

    /// Keeps it. The training waits for that.
    fn keep(&self, epochs: usize, state: Vec<u8>);

    /// Whether the states are to be kept that trainings of more epochs could go on from.
    fn wants_ends(&self) -> bool;

    /// That one which is kept after so many epochs.
    fn end(&self, epochs: usize) -> Option<Vec<u8>>;

    /// Keeps such a one in place of it. The training waits for that.
    fn keep_end(&self, epochs: usize, state: Vec<u8>);
}

/// Where a training stands, beside its network and its steps.
pub(super) struct Progress<'a> {
    /// Epochs trained.
    pub(super) epoch: usize,
    pub(super) plateau: Option<Plateau>,
    pub(super) open: Open,
    pub(super) history: History<'a>,
    /// The training and the number of its fold, which a state must be of.
    of: (&'a str, u32),
    /// The epochs over which the schedule is spread, where it is: of more epochs it would have been another one from the
    /// beginning.
    spread: Option<usize>,
}

impl<'a> Progress<'a> {
    /// At the beginning of a fit.
    pub(super) fn new(Course { recipe, ends, hooked, fold, checkpoints, .. }: Course<'a>) -> Self {
        let direction = recipe.monitor.direction();
        Self {
            epoch: 0,
            plateau: recipe.schedule.plateau().map(|rule| Plateau::new(rule, direction, recipe.lr)),
            open: Open::new(ends, direction),
            history: History::new(hooked),
            of: (checkpoints.map_or("", |checkpoints| checkpoints.training()), fold),
            spread: recipe.spread(),
        }
    }

    /// The whole state of a training, from which [`go_on`](Self::go_on) goes on: with those of `cut`, too, where they have
    /// more epochs. The network stays as it is.
    pub(super) fn state<T: Objective, N: TensorCollection<f32, Cpu>>(
        &self,
        network: &mut N,
        stepper: &impl Stepper<N, T>,
        cut: &Cut,
    ) -> Vec<u8> {
        let (training, fold) = self.of;
        let mut to = Writer::default();
        to.text(training);
        to.count(fold as usize);
        to.count(self.epoch);
        to.count(self.spread.unwrap_or(0));
        self.open.write(cut, network, &mut to);
        stepper.write(network, &mut to);
        if let Some(plateau) = &self.plateau {
            plateau.write(&mut to);
        }
        self.history.write(&mut to);
        to.seal()
    }

    /// Goes on from a state of the same training on the same fold after so many `epochs`; `None` where it is of others, or
    /// damaged. Then neither this nor the network nor the stepper can be used any more.
    pub(super) fn go_on<T: Objective, N: TensorCollection<f32, Cpu>>(
        &mut self,
        (epochs, state): (usize, &[u8]),
        network: &mut N,
        stepper: &mut impl Stepper<N, T>,
    ) -> Option<()> {
        let mut from = self.begin(state, epochs)?;
        self.epoch = epochs;
        if self.open.is_past(epochs) {
            return None;
        }
        self.open.read(network, &mut from)?;
        stepper.read(network, &mut from)?;
        if let Some(plateau) = &mut self.plateau {
            plateau.read(&mut from)?;
        }
        self.history.read(&mut from)?;
        from.is_at_end().then_some(())
    }

    /// What the rules have seen that a state of the same training after as many epochs knows; `None` where it is of
    /// another, or damaged. Then the network cannot be used any more.
    pub(super) fn seen<N: TensorCollection<f32, Cpu>>(&self, state: &[u8], network: &mut N) -> Option<Vec<Seen>> {
        self.open.seen(network, &mut self.begin(state, self.epoch)?)
    }

    /// What stands in a state of the same training on the same fold after so many epochs, behind the names of these.
    fn begin<'b>(&self, state: &'b [u8], epochs: usize) -> Option<Reader<'b>> {
        let mut from = Reader::open(state)?;
        let of = (from.text()?, from.count()?, from.count()?, from.count()?);
        (of == (self.of.0, self.of.1 as usize, epochs, self.spread.unwrap_or(0))).then_some(from)
    }
}
