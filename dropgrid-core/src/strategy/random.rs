//! Random search.

use std::{error, ops::Range};

use super::{
    CandidateSource, Proposal, Strategy, View,
    missing::{CHUNK, Numbered, missing},
    permutation::Permutation,
};
use crate::{
    error::{Error, Result, SpaceError},
    seed::{Key, Purpose, Seed},
    space::{Enumeration, Params, Space, sample},
    split::Warning,
};

/// Tries `n` random candidates on every fold
/// ([Bergstra and Bengio 2012](https://www.jmlr.org/papers/v13/bergstra12a.html)).
///
/// Of a space that can be listed, candidates are drawn without replacement, each as likely as any other, as
/// scikit-learn's `ParameterSampler` does it. Where there are fewer than `n`, each is tried once, and the report has a
/// [warning](Warning::FewCandidates). Of a space with a range, every axis is drawn by itself: lists and steps evenly, ranges
/// by their distribution.
///
/// Candidate `i` depends on the seed and on `i` alone, so a longer search begins with the candidates of a shorter one.
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

    fn draws<S: Space>(self, space: &S) -> Draws<'_, S> {
        let key = self.seed.key(Purpose::Proposal);
        let is_listed = (0..S::Params::NAMES.len()).all(|axis| space.len_of(axis).is_some());
        // Of more candidates than a machine can count, no two draws are the same.
        let listed = is_listed.then(|| Enumeration::new(space)).and_then(|listed| {
            let order = Permutation::new(listed.len().ok()? as u64, key);
            Some((listed, order))
        });
        let len = listed.as_ref().map_or(u64::MAX, |(_, order)| order.len());
        Draws { space, key, listed, len: len.min(self.candidates as u64) }
    }

    /// The number of candidates in `space`.
    ///
    /// # Errors
    /// [`Error::NoCandidates`] for 0, [`SpaceError::Empty`].
    fn len<S: Space>(self, space: &S) -> Result<u64> {
        if self.candidates == 0 {
            return Err(Error::NoCandidates);
        }
        // A space that its rules leave empty is found here, before any training.
        sample(space, self.seed.key(Purpose::Proposal))?;
        let draws = self.draws(space);
        if draws.listed.is_some() && draws.len == 0 {
            return Err(Error::Space(SpaceError::Empty));
        }
        Ok(draws.len)
    }
}

/// The candidates of a random search, in their order.
struct Draws<'a, S: Space> {
    space: &'a S,
    key: Key,
    /// The space as a list, and the random order of its candidates.
    listed: Option<(Enumeration<'a, S>, Permutation)>,
    /// The number of candidates to try.
    len: u64,
}

impl<S: Space> Numbered<S::Params> for Draws<'_, S> {
    fn len(&self) -> u64 {
        self.len
    }

    fn nth(&self, number: u64) -> Option<S::Params> {
        match &self.listed {
            Some((listed, order)) => listed.nth(order.at(number) as usize),
            None => sample(self.space, self.key.candidate(number)).ok(),
        }
    }

    fn number_of(&self, params: &S::Params) -> Option<u64> {
        let (listed, order) = self.listed.as_ref()?;
        Some(order.place_of(listed.index_of(params)? as u64))
    }
}

impl<S: Space> Strategy<S> for Random {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        // More than anything can run is as many as there is time for.
        let candidates = usize::try_from(self.len(view.space)?).ok();
        let jobs = candidates.and_then(|candidates| candidates.checked_mul(view.folds.len()));
        Ok(jobs.filter(|jobs| isize::try_from(*jobs).is_ok()))
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        CandidateSource::warning(self, view.space)
    }

    fn is_of_space(&self) -> bool {
        true
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        Ok(missing(view, &self.draws(view.space), CHUNK))
    }
}

/// The drawn candidates, in their order.
impl<S: Space> CandidateSource<S> for Random {
    fn size(&self, space: &S) -> Result<Option<u64>> {
        // As many as are asked for: a range has no end of candidates.
        Ok(Some(self.len(space)?).filter(|&len| len < usize::MAX as u64))
    }

    fn candidates(
        &self,
        view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn error::Error + Send + Sync>> {
        Ok(self.draws(view.space).all(numbers))
    }

    fn warning(&self, space: &S) -> Option<Warning> {
        let (candidates, asked) = (usize::try_from(self.draws(space).len).ok()?, self.candidates);
        (candidates < asked && asked < usize::MAX).then_some(Warning::FewCandidates { candidates, asked })
    }

    fn is_of_space(&self) -> bool {
        true
    }
}
