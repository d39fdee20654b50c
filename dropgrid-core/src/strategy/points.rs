//! Distinct candidates that are drawn as they are needed, by number.

use std::cell::RefCell;

use super::{
    View,
    cube::{Count, Cube, DrawKind, Drawn, Draws},
    missing::Numbered,
};
use crate::{
    error::{Error, Result, SpaceError},
    seed::{Key, Purpose, Seed},
    space::{Space, sample},
    split::Warning,
};

/// The distinct candidates of a sequence of draws, by number.
pub(super) struct Points<'a, S: Space> {
    draws: Draws<'a, S>,
    asked: u64,
    drawn: RefCell<&'a mut Drawn>,
}

/// Calls `take` with the first `asked` candidates that are drawn by a key. The search remembers those that it has
/// drawn.
pub(super) fn with_points<S: Space, R>(
    view: &View<'_, S>,
    (key, kind): (Key, DrawKind),
    asked: u64,
    take: impl FnOnce(&Points<'_, S>) -> R,
) -> R {
    let cube = Cube::new(view.space);
    view.trials.decisions().with(&format!("{kind:?} points of {key:?}"), |drawn: &mut Drawn| {
        take(&Points { draws: Draws::new(&cube, key, kind), asked, drawn: RefCell::new(drawn) })
    })
}

impl<S: Space> Numbered<S::Params> for Points<'_, S> {
    fn len(&self) -> u64 {
        let drawn = self.drawn.borrow();
        if drawn.is_all { self.asked.min(drawn.len() as u64) } else { self.asked }
    }

    fn nth(&self, number: u64) -> Option<S::Params> {
        self.draws.nth(&mut self.drawn.borrow_mut(), number).map(|(params, _)| params)
    }

    fn number_of(&self, _: &S::Params) -> Option<u64> {
        None
    }
}

/// The number of candidates of a search for so many: all of a finite space at most; `None` of `usize::MAX` of a space
/// without an end. Of a finite space that is not counted there may be fewer.
///
/// # Errors
/// [`Error::NoCandidates`] for 0, [`SpaceError::Empty`], and those of [`sample`].
pub(super) fn size<S: Space>(space: &S, asked: usize) -> Result<Option<u64>> {
    if asked == 0 {
        return Err(Error::NoCandidates);
    }
    // A space that its rules leave empty is found here, before any training.
    sample(space, Seed(0).key(Purpose::Proposal))?;
    let count = Cube::new(space).count().known();
    if count == Some(0) {
        return Err(Error::Space(SpaceError::Empty));
    }
    let asked = (asked < usize::MAX).then_some(asked as u64);
    Ok(count.into_iter().chain(asked).min())
}

/// The jobs of so many distinct candidates on every fold; `None` where their number is not known, or beyond a
/// machine's.
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
