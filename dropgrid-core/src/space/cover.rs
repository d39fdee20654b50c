//! A few candidates that stand for all of a space, for checks before a search.

use super::{AxisInfo, Enumeration, Params as _, Position, Space, rules::is_present, sample, sample_below};
use crate::seed::{Key, Purpose, Seed};

/// Random candidates that stand for a continuous space, beside those at the low ends of its ranges.
const DRAWN: u64 = 64;

/// Candidates that together have every value that some candidate has; of a continuous axis the low end and a sample,
/// and of a space without axes its one candidate.
pub(crate) fn every_value<S: Space>(space: &S) -> Vec<S::Params> {
    let mut candidates = Enumeration::new(space).witnesses();
    if (0..S::Params::NAMES.len()).any(|axis| space.len_of(axis).is_none()) {
        candidates.extend((0..DRAWN).map_while(|number| sample(space, key(number)).ok()));
    }
    if candidates.is_empty() {
        candidates.extend(Enumeration::new(space).first_below(&[]));
    }
    candidates
}

/// One compiled architecture: the positions of the first axes.
#[derive(Debug, Clone)]
pub(crate) struct Architecture<'a, S> {
    space: &'a S,
    prefix: Vec<Position>,
}

/// The architectures of a space, in order, the last axis fastest. An axis whose condition does not hold is absent.
pub(crate) fn architectures<S: Space>(space: &S) -> impl Iterator<Item = Architecture<'_, S>> {
    let lens: Vec<usize> = space.axes().iter().filter(|axis| axis.architecture).filter_map(AxisInfo::len).collect();
    let mut prefixes = vec![Vec::new()];
    for (axis, &len) in lens.iter().enumerate() {
        let longer = prefixes.into_iter().flat_map(|prefix: Vec<Position>| {
            let is_present = is_present(space, axis, &prefix);
            let values = (0..if is_present { len } else { 0 }).map(Position::At);
            let positions = values.chain((!is_present).then_some(Position::Absent));
            positions.map(move |position| [prefix.as_slice(), &[position]].concat())
        });
        prefixes = longer.collect();
    }
    prefixes.into_iter().map(move |prefix| Architecture { space, prefix })
}

impl<S: Space> Architecture<'_, S> {
    /// Its first candidate, or `None` where the rules leave it none.
    pub(crate) fn first(&self) -> Option<S::Params> {
        let listed = Enumeration::new(self.space).first_below(&self.prefix);
        listed.or_else(|| self.sample(0))
    }

    /// Its random candidate of that number, or `None` where the rules leave it none, or too few to be drawn.
    pub(crate) fn sample(&self, number: u64) -> Option<S::Params> {
        sample_below(self.space, &self.prefix, key(number)).ok()
    }
}

fn key(number: u64) -> Key {
    Seed(0).key(Purpose::Proposal).candidate(number)
}
