//! Random search.

use super::{Proposal, Strategy, View, missing};
use crate::{
    error::Result,
    seed::{Purpose, Seed},
    space::{Space, sample},
};

/// Tries `n` random candidates on every fold
/// ([Bergstra and Bengio 2012](https://www.jmlr.org/papers/v13/bergstra12a.html)).
///
/// Every axis is drawn by itself: lists and steps evenly, ranges by their distribution. Candidate `i` depends on the
/// seed and on `i` alone, so a longer search begins with the candidates of a shorter one. Candidates are drawn as they
/// are needed: `Random::new(usize::MAX)` goes on until a [time budget](crate::search::Search::time_budget) ends it.
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
}

impl<S: Space> Strategy<S> for Random {
    fn count(&self, space: &S, folds: u32) -> Result<Option<usize>> {
        // A space that its rules leave empty is found here, before any training.
        sample(space, self.seed.key(Purpose::Proposal))?;
        // More than anything can run is as many as there is time for.
        Ok(self.candidates.checked_mul(folds as usize).filter(|jobs| isize::try_from(*jobs).is_ok()))
    }

    fn is_of_space(&self) -> bool {
        true
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let key = self.seed.key(Purpose::Proposal);
        Ok(missing(view, self.candidates, |candidate| sample(view.space, key.candidate(candidate as u64)).ok()))
    }
}
