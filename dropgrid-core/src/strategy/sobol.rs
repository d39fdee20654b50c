//! Quasi-random search.

use std::{cell::RefCell, collections::HashSet, error, ops::Range};

use super::{
    CandidateSource, Proposal, Strategy, View,
    cube::{Count, Cube, Draws},
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
/// # use dropgrid_core::{space::Space, strategy::{CandidateSource, Sobol}};
/// # fn check<S: Space>(space: &S) -> dropgrid_core::Result<()> {
/// // A good base for successive halving, too.
/// assert_eq!(Sobol::new(64).size(space)?, Some(64));
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
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        jobs(view, self.candidates)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let cube = Cube::new(view.space);
        Ok(missing(view, &Points::new(&cube, view.seed, self.candidates), CHUNK))
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        few(view.space, self.candidates)
    }

    fn is_of_space(&self) -> bool {
        true
    }
}

/// The candidates at the points, in their order.
impl<S: Space> CandidateSource<S> for Sobol {
    fn size(&self, space: &S) -> Result<Option<u64>> {
        size(space, self.candidates)
    }

    fn candidates(
        &self,
        view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn error::Error + Send + Sync>> {
        let cube = Cube::new(view.space);
        Ok(Points::new(&cube, view.seed, self.candidates).all(numbers))
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

/// The number of candidates of a search for so many: all of a finite space at most; `None` of `usize::MAX` of a space without
/// an end. Of a finite space that is not counted there may be fewer.
///
/// # Errors
/// [`Error::NoCandidates`] for 0, [`SpaceError::Empty`], and those of [`sample`].
pub(super) fn size<S: Space>(space: &S, asked: usize) -> Result<Option<u64>> {
    if asked == 0 {
        return Err(Error::NoCandidates);
    }
    // A space that its rules leave empty is found here, before any training.
    sample(space, key(Seed(0)))?;
    let count = Cube::new(space).count().known();
    if count == Some(0) {
        return Err(Error::Space(SpaceError::Empty));
    }
    let asked = (asked < usize::MAX).then_some(asked as u64);
    Ok(count.into_iter().chain(asked).min())
}

/// The jobs of so many distinct candidates on every fold; `None` where their number is not known, or beyond a machine's.
///
/// # Errors
/// Those of [`size`].
pub(super) fn jobs<S: Space>(view: &View<'_, S>, asked: usize) -> Result<Option<usize>> {
    let (size, cube) = (size(view.space, asked)?, Cube::new(view.space));
    // More candidates than can be counted are more than can be tried.
    let is_known = cube.is_listed() || cube.count() != Count::Uncounted;
    let candidates = size.filter(|_| is_known).and_then(|size| usize::try_from(size).ok());
    let jobs = candidates.and_then(|candidates| candidates.checked_mul(view.folds.len()));
    Ok(jobs.filter(|jobs| isize::try_from(*jobs).is_ok()))
}

/// The warning where a space has fewer candidates than were asked for.
pub(super) fn few<S: Space>(space: &S, asked: usize) -> Option<Warning> {
    let candidates = usize::try_from(Cube::new(space).count().known()?).ok()?;
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
