//! Quasi-random search.

use std::{cell::RefCell, collections::HashSet};

use super::{
    Proposal, Strategy, View,
    cube::{Cube, Draws},
    missing::{CHUNK, Numbered, missing},
};
use crate::{
    error::{Error, Result, SpaceError},
    seed::{Key, Purpose, Seed},
    space::{Space, sample},
    split::Warning,
};

/// Tries the candidates at `n` points of a Sobol sequence on every fold: spread over the whole space, they leave smaller gaps
/// than those of [`Random`](super::Random).
///
/// The sequence is Owen-scrambled by the seed of the search ([Owen 1998](https://doi.org/10.1145/272991.273010),
/// [Burley 2020](https://www.jcgt.org/published/0009/04/01/)): of its first 2^k points each of 2^k parts of an axis has one,
/// for every k. Ranges are divided by their distribution, and lists evenly. Powers of two are good numbers of candidates.
///
/// No candidate is tried twice, and one that a rule forbids is passed over. Where a finite space has fewer than `n`, each is
/// tried once, and the report has a [warning](Warning::FewCandidates). A longer search begins with the candidates of a
/// shorter one.
///
/// # Examples
/// ```
/// # use dropgrid_core::{space::Space, strategy::{Sobol, Strategy}};
/// # fn check<S: Space>(space: &S) -> dropgrid_core::Result<()> {
/// assert_eq!(Sobol::new(64).count(space, 5)?, Some(64 * 5));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sobol {
    candidates: usize,
}

impl Sobol {
    /// A search of so many candidates.
    pub fn new(candidates: usize) -> Self {
        Self { candidates }
    }
}

impl<S: Space> Strategy<S> for Sobol {
    fn count(&self, space: &S, folds: u32) -> Result<Option<usize>> {
        jobs(space, self.candidates, folds)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let cube = Cube::new(view.space);
        Ok(missing(view, &Points::new(&cube, view.seed, self.candidates), CHUNK))
    }

    fn warning(&self, space: &S) -> Option<Warning> {
        few(space, self.candidates)
    }

    fn is_of_space(&self) -> bool {
        true
    }
}

/// The key of the points that a search begins with. Random candidates have the fold 0.
pub(super) fn key(seed: Seed) -> Key {
    seed.key(Purpose::Proposal).fold(1)
}

/// The jobs of `asked` distinct candidates on every fold; `None` where their number is not known, or beyond a machine's.
///
/// # Errors
/// [`SpaceError::Empty`], and those of [`sample`].
pub(super) fn jobs<S: Space>(space: &S, asked: usize, folds: u32) -> Result<Option<usize>> {
    // A space that its rules leave empty is found here, before any training.
    sample(space, key(Seed(0)))?;
    let count = match Cube::new(space).count() {
        Some(Some(0)) if asked > 0 => return Err(Error::Space(SpaceError::Empty)),
        Some(Some(count)) => usize::try_from(count).unwrap_or(usize::MAX).min(asked),
        // More than can be counted are more than can be tried.
        Some(None) if Cube::new(space).is_listed() => asked,
        Some(None) => return Ok(None),
        None => asked,
    };
    Ok(count.checked_mul(folds as usize).filter(|jobs| isize::try_from(*jobs).is_ok()))
}

/// The warning where a space has fewer candidates than were asked for.
pub(super) fn few<S: Space>(space: &S, asked: usize) -> Option<Warning> {
    let candidates = usize::try_from(Cube::new(space).count()??).ok()?;
    (candidates < asked && asked < usize::MAX).then_some(Warning::FewCandidates { candidates, asked })
}

/// The candidates of a search, by number.
struct Points<'a, S: Space> {
    cube: &'a Cube<'a, S>,
    key: Key,
    asked: u64,
    drawn: RefCell<Drawn<'a, S>>,
}

/// The first candidates.
struct Drawn<'a, S: Space> {
    draws: Draws<'a, S>,
    params: Vec<S::Params>,
    is_all: bool,
}

impl<'a, S: Space> Points<'a, S> {
    fn new(cube: &'a Cube<'a, S>, seed: Seed, candidates: usize) -> Self {
        let key = key(seed);
        let draws = Draws::new(cube, key, HashSet::new());
        let drawn = RefCell::new(Drawn { draws, params: Vec::new(), is_all: false });
        Self { cube, key, asked: candidates as u64, drawn }
    }
}

impl<S: Space> Numbered<S::Params> for Points<'_, S> {
    fn len(&self) -> u64 {
        let drawn = self.drawn.borrow();
        if drawn.is_all { self.asked.min(drawn.params.len() as u64) } else { self.asked }
    }

    fn nth(&self, number: u64) -> Option<S::Params> {
        if let Some(params) = Draws::nth_of(self.cube, self.key, number) {
            return Some(params);
        }
        let mut drawn = self.drawn.borrow_mut();
        while !drawn.is_all && drawn.params.len() as u64 <= number {
            match drawn.draws.next() {
                Some((params, _)) => drawn.params.push(params),
                None => drawn.is_all = true,
            }
        }
        drawn.params.get(usize::try_from(number).ok()?).cloned()
    }

    fn number_of(&self, _: &S::Params) -> Option<u64> {
        None
    }
}
