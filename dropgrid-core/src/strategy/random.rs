//! Random search.

use std::{error, ops::Range};

use super::{
    CandidateSource, Proposal, Strategy, View,
    cube::DrawKind,
    missing::{CHUNK, Numbered, missing},
    permutation::Permutation,
    points::{few, jobs, size, with_points},
};
use crate::{
    error::Result,
    seed::{Key, Purpose, Seed},
    space::{Enumeration, Params, Space},
    split::Warning,
};

/// Tries `n` random candidates on every fold
/// ([Bergstra and Bengio 2012](https://www.jmlr.org/papers/v13/bergstra12a.html)).
///
/// Of a space that can be listed, candidates are drawn without replacement, each as likely as any other, as
/// scikit-learn's `ParameterSampler` does it. Of a space with a range, every axis is drawn by itself: lists and steps
/// evenly, ranges by their distribution; a draw that repeats a candidate is passed over. No candidate is tried twice:
/// where there are fewer than `n`, the report has a [warning](Warning::FewCandidates) and each is tried once. Only in a
/// space of whole-number ranges between which rules forbid or leave out candidates, the number is not known before: the
/// search ends without a warning once new draws hardly come.
///
/// Candidates depend on the seed alone, so a longer search begins with the candidates of a shorter one.
/// Candidates are drawn as they are needed: `Random::new(usize::MAX)` goes on until there are no more, or a
/// [time budget](crate::search::Search::time_budget) ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Random {
    candidates: usize,
    seed: Seed,
}

impl Random {
    /// A search of `candidates` random candidates, from seed 0.
    pub fn new(candidates: usize) -> Self {
        Self { candidates, seed: Seed(0) }
    }

    /// The seed of the candidates; the search's own seed decides weights, folds and noise.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Seed(seed), ..self }
    }

    fn key(self) -> Key {
        self.seed.key(Purpose::Proposal)
    }

    /// The candidates of a space that can be listed, in a random order.
    fn shuffled<S: Space>(self, space: &S) -> Option<Shuffled<'_, S>> {
        let is_listed = (0..S::Params::NAMES.len()).all(|axis| space.len_of(axis).is_some());
        let listed = is_listed.then(|| Enumeration::new(space))?;
        // Where a machine cannot count them, they are drawn.
        let order = Permutation::new(listed.len().ok()? as u64, self.key());
        let len = order.len().min(self.candidates as u64);
        Some(Shuffled { listed, order, len })
    }

    /// The draws of another space.
    fn draws(self) -> (Key, DrawKind) {
        (self.key(), DrawKind::Random)
    }
}

/// The candidates of a space in a random order.
struct Shuffled<'a, S: Space> {
    listed: Enumeration<'a, S>,
    order: Permutation,
    /// The number of candidates to try.
    len: u64,
}

impl<S: Space> Numbered<S::Params> for Shuffled<'_, S> {
    fn len(&self) -> u64 {
        self.len
    }

    fn nth(&self, number: u64) -> Option<S::Params> {
        self.listed.nth(self.order.at(number) as usize)
    }

    fn number_of(&self, params: &S::Params) -> Option<u64> {
        Some(self.order.place_of(self.listed.index_of(params)? as u64))
    }
}

impl<S: Space> Strategy<S> for Random {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        jobs(view, self.candidates)
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        CandidateSource::warning(self, view.space)
    }

    fn is_of_space(&self) -> bool {
        true
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let asked = self.candidates as u64;
        Ok(match self.shuffled(view.space) {
            Some(listed) => missing(view, &listed, CHUNK),
            None => with_points(view, self.draws(), asked, |points| missing(view, points, CHUNK)),
        })
    }
}

/// The drawn candidates, in their order.
impl<S: Space> CandidateSource<S> for Random {
    fn size(&self, space: &S) -> Result<Option<u64>> {
        size(space, self.candidates)
    }

    fn candidates(
        &self,
        view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn error::Error + Send + Sync>> {
        let asked = self.candidates as u64;
        Ok(match self.shuffled(view.space) {
            Some(listed) => listed.all(numbers),
            None => with_points(view, self.draws(), asked, |points| points.all(numbers)),
        })
    }

    fn warning(&self, space: &S) -> Option<Warning> {
        few(space, self.candidates)
    }

    fn is_of_space(&self) -> bool {
        true
    }
}
