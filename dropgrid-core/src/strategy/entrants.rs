//! The candidates with which a strategy begins.

use std::{collections::HashMap, error::Error as StdError, ops::Range};

use super::{CandidateSource, View, missing::CHUNK};
use crate::{
    error::{Error, Result, ScheduleError},
    record::{Budget, Job},
    space::Space,
};

/// The most candidates that a strategy holds at once.
pub(super) const MOST: u64 = 1 << 24;

/// The number of candidates of a source that a strategy compares with each other; `None` where they have no end.
///
/// # Errors
/// Those of the source; [`ScheduleError::TooManyCandidates`].
pub(super) fn size<S: Space>(source: &impl CandidateSource<S>, space: &S) -> Result<Option<u64>> {
    match source.size(space)? {
        Some(candidates) if candidates > MOST => {
            Err(Error::Schedule(ScheduleError::TooManyCandidates { candidates, most: MOST }))
        }
        size => Ok(size),
    }
}

/// The same of a source that has an end.
///
/// # Errors
/// Those of [`size`]; [`ScheduleError::EndlessSource`].
pub(super) fn finite_size<S: Space>(source: &impl CandidateSource<S>, space: &S) -> Result<u64> {
    size(source, space)?.ok_or(Error::Schedule(ScheduleError::EndlessSource))
}

/// The first candidates of a source.
pub(super) struct Entrants<P> {
    /// The numbers of those that are known, ascending. One that cannot be made has no place among them.
    pub(super) numbers: Vec<u64>,
    /// The number of them before the first one that is not known yet: more join behind these, and none between them.
    pub(super) settled: usize,
    /// Those that have no record yet.
    new: HashMap<u64, P>,
    /// True where all of them are known. Of many, not all are made at once.
    pub(super) are_whole: bool,
}

/// The candidates up to the first one without a record.
#[derive(Default)]
struct Begun {
    numbers: Vec<u64>,
    next: u64,
}

impl<P: Clone> Entrants<P> {
    /// The first `count` candidates.
    ///
    /// # Errors
    /// Those of the source.
    pub(super) fn new<S: Space<Params = P>>(
        view: &View<'_, S>,
        source: &impl CandidateSource<S>,
        count: u64,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Self::between(view, source, 0, count)
    }

    /// The candidates from number `first` on, and before `end`.
    ///
    /// # Errors
    /// Those of the source.
    pub(super) fn between<S: Space<Params = P>>(
        view: &View<'_, S>,
        source: &impl CandidateSource<S>,
        first: u64,
        end: u64,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Self::with_begun(view, source, first..end, first)
    }

    /// The first `count` candidates, without the numbers below `from`: a strategy that goes on from there does not copy
    /// those of all candidates.
    ///
    /// # Errors
    /// Those of the source.
    pub(super) fn behind<S: Space<Params = P>>(
        view: &View<'_, S>,
        source: &impl CandidateSource<S>,
        from: u64,
        count: u64,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Self::with_begun(view, source, 0..count, from)
    }

    fn with_begun<S: Space<Params = P>>(
        view: &View<'_, S>,
        source: &impl CandidateSource<S>,
        range: Range<u64>,
        from: u64,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        let name = format!("entrants from {}", range.start);
        view.trials.decisions().with(&name, |begun| Self::after(begun, view, source, range, from))
    }

    /// No candidates but those that have records.
    pub(super) fn recorded() -> Self {
        Self { numbers: Vec::new(), settled: 0, new: HashMap::new(), are_whole: true }
    }

    /// The candidates that have begun, from number `from` on, and those behind them.
    fn after<S: Space<Params = P>>(
        begun: &mut Begun,
        view: &View<'_, S>,
        source: &impl CandidateSource<S>,
        Range { start: first, end }: Range<u64>,
        from: u64,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        begun.next = begun.next.max(first);
        while begun.next < end && view.trials.get(begun.next).is_some() {
            begun.numbers.push(begun.next);
            begun.next += 1;
        }
        let place = |bound: u64| begun.numbers.partition_point(|&number| number < bound);
        let mut entrants =
            Self { numbers: begun.numbers[place(from)..place(end.max(from))].to_vec(), ..Self::recorded() };
        let (mut next, most) = (begun.next, most(view) as u64);
        while next < end {
            if view.trials.get(next).is_some() {
                entrants.numbers.extend((next >= from).then_some(next));
                next += 1;
                continue;
            }
            let known = view.trials.next_known(next).map_or(end, |known| known.min(end));
            let room = most.saturating_sub(entrants.new.len() as u64);
            let until = known.min(next.saturating_add(room));
            let candidates = if until > next { source.candidates(view, next..until)? } else { Vec::new() };
            let made = candidates.len() as u64;
            for (number, params) in (next..).zip(candidates) {
                if let Some(params) = params {
                    entrants.numbers.extend((number >= from).then_some(number));
                    entrants.new.insert(number, params);
                } else if number == begun.next {
                    begun.next += 1;
                }
            }
            if made < known - next && entrants.are_whole {
                // The next one waits. Candidates behind it that have records were known once, and stay.
                entrants.are_whole = false;
                entrants.settled = entrants.numbers.len();
            }
            next = known;
        }
        if entrants.are_whole {
            entrants.settled = entrants.numbers.len();
        }
        Ok(entrants)
    }

    /// The hyperparameters of a candidate that is known.
    pub(super) fn params<'a, S: Space<Params = P>>(&'a self, view: &'a View<'_, S>, number: u64) -> Option<&'a P> {
        view.trials.get(number).map(|trial| &trial.params).or_else(|| self.new.get(&number))
    }

    /// Jobs without a record: candidates on the folds before `folds`, with the budget of each. Not all at once where
    /// they are many.
    pub(super) fn jobs<S: Space<Params = P>>(
        &self,
        view: &View<'_, S>,
        numbers: &[u64],
        folds: u32,
        budget: impl Fn(&P) -> Budget,
    ) -> Vec<Job<P>> {
        let most = most(view);
        let mut jobs = Vec::new();
        for &candidate in numbers {
            let Some(params) = self.params(view, candidate) else { continue };
            let (budget, trial) = (budget(params), view.trials.get(candidate));
            let is_open = |fold: &u32| trial.is_none_or(|trial| trial.record(*fold, budget).is_none());
            jobs.extend((0..folds).filter(is_open).map(|fold| Job { candidate, params: params.clone(), fold, budget }));
            if jobs.len() >= most {
                break;
            }
        }
        jobs
    }
}

/// The most candidates and jobs at once. Candidates that share a training come together, wherever they stand.
fn most<S: Space>(view: &View<'_, S>) -> usize {
    if view.evaluation_only.is_empty() { CHUNK } else { usize::MAX }
}
