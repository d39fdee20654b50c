//! The candidates of a space as a tree: a level for each axis, whose branches are the positions that the axis can take.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use super::{Position, Rule, RuleKind};

/// Numbers of candidates; `None` where a `usize` overflows.
type Counts = HashMap<u64, Option<usize>>;

/// The truth of a rule, by its number, for a candidate whose mentioned axes stand at these positions.
type Holds<'a> = dyn Fn(usize, &[Position]) -> bool + 'a;

/// The tree of a space's candidates. It knows the rules by their numbers, and asks the space for their truth.
///
/// Without rules this is mixed-radix arithmetic. With rules, the number of candidates below a prefix depends only on
/// the axes that later rules still ask ("live" ones), so counts are kept by their positions: the cost is the product
/// of the mentioned axes' lengths, whatever the size of the space.
#[derive(Debug)]
pub(super) struct CandidateTree {
    has_rules: bool,
    lens: Vec<usize>,
    /// For each axis: the rule that decides whether it exists.
    when: Vec<Option<usize>>,
    /// For each axis: the rules that forbid, of which it is the last axis mentioned.
    forbid: Vec<Vec<usize>>,
    /// For each axis: the earlier axes that a rule at it or after it asks.
    live: Vec<Vec<usize>>,
    /// For each axis: the number of candidates from it on, by the positions of the live axes as one number.
    counts: RefCell<Vec<Counts>>,
}

/// The state of [`CandidateTree::witnesses`].
struct Walk {
    /// For each axis: the live positions that it was reached with.
    reached: Vec<HashSet<u64>>,
    /// The values, or their absence, that a candidate was found for.
    shown: HashSet<(usize, Option<usize>)>,
    found: Vec<Vec<Position>>,
}

impl CandidateTree {
    /// The tree of axes with so many values, and of the rules between them.
    pub(super) fn new(lens: Vec<usize>, rules: &[Rule]) -> Self {
        let count = lens.len();
        let mut when = vec![None; count];
        let mut forbid = vec![Vec::new(); count];
        let mut asked_until = vec![0; count];
        for (number, rule) in rules.iter().enumerate() {
            let decided_at = match rule.kind {
                RuleKind::When(axis) => {
                    when[axis] = Some(number);
                    axis
                }
                RuleKind::Forbid => {
                    let last = rule.mentions.last().copied().unwrap_or(0);
                    if let Some(rules) = forbid.get_mut(last) {
                        rules.push(number);
                    }
                    last
                }
            };
            for &axis in rule.mentions {
                asked_until[axis] = asked_until[axis].max(decided_at);
            }
        }
        let live = (0..=count).map(|at| (0..at).filter(|&axis| asked_until[axis] >= at).collect()).collect();
        let counts = RefCell::new(vec![Counts::new(); count]);
        Self { has_rules: !rules.is_empty(), lens, when, forbid, live, counts }
    }

    /// The number of values on each axis.
    pub(super) fn lens(&self) -> &[usize] {
        &self.lens
    }

    /// The number of candidates; `None` where a `usize` overflows.
    pub(super) fn len(&self, holds: &Holds<'_>) -> Option<usize> {
        self.count(&mut Vec::new(), holds)
    }

    /// The positions of candidate number `index`, or `None` past the end.
    pub(super) fn nth(&self, index: usize, holds: &Holds<'_>) -> Option<Vec<Position>> {
        let mut positions = Vec::with_capacity(self.lens.len());
        if !self.has_rules {
            return self.nth_plain(index, positions);
        }
        if self.count(&mut positions, holds).is_some_and(|count| index >= count) {
            return None;
        }
        let mut rest = index;
        while positions.len() < self.lens.len() {
            let axis = positions.len();
            if self.is_plain(axis) {
                positions.push(Position::At(0));
                // Where the candidates below overflow, an index of machine size never leaves the first value.
                if let Some(below) = self.count(&mut positions, holds) {
                    positions[axis] = Position::At(rest.checked_div(below)?);
                    rest %= below;
                }
                continue;
            }
            let mut chosen = None;
            for position in self.choices(axis, &positions, holds) {
                positions.push(position);
                match self.count_allowed(axis, &mut positions, holds) {
                    Some(below) if below <= rest => rest -= below,
                    _ => chosen = Some(position),
                }
                positions.pop();
                if chosen.is_some() {
                    break;
                }
            }
            positions.push(chosen?);
        }
        Some(positions)
    }

    /// The positions of candidate number `index` of a space without rules: its digits in the mixed radix of the axes.
    fn nth_plain(&self, index: usize, mut positions: Vec<Position>) -> Option<Vec<Position>> {
        positions.resize(self.lens.len(), Position::At(0));
        let mut rest = index;
        for (position, &len) in positions.iter_mut().zip(&self.lens).rev() {
            *position = Position::At(rest.checked_rem(len)?);
            rest /= len;
        }
        (rest == 0).then_some(positions)
    }

    /// The number of the candidate at these positions, or `None` where the space does not have it.
    pub(super) fn index_of(&self, wanted: &[Position], holds: &Holds<'_>) -> Option<usize> {
        let mut positions = Vec::with_capacity(wanted.len());
        let mut index = 0_usize;
        for (axis, &position) in wanted.iter().enumerate() {
            if let Position::At(at) = position
                && self.is_plain(axis)
            {
                positions.push(position);
                let below = self.count(&mut positions, holds);
                // Where the candidates below overflow, only the first value has a number.
                index = if at == 0 { index } else { index.checked_add(at.checked_mul(below?)?)? };
                if below == Some(0) || at >= self.lens[axis] {
                    return None;
                }
                continue;
            }
            let mut found = false;
            for choice in self.choices(axis, &positions, holds) {
                positions.push(choice);
                let below = self.count_allowed(axis, &mut positions, holds);
                positions.pop();
                if choice == position {
                    found = below != Some(0);
                    break;
                }
                index = index.checked_add(below?)?;
            }
            if !found {
                return None;
            }
            positions.push(position);
        }
        Some(index)
    }

    /// The first candidate whose first axes stand at the positions of `prefix`.
    pub(super) fn first_below(&self, prefix: &[Position], holds: &Holds<'_>) -> Option<Vec<Position>> {
        let mut positions = Vec::with_capacity(self.lens.len());
        for (axis, &position) in prefix.iter().enumerate() {
            positions.push(position);
            if self.count_allowed(axis, &mut positions, holds) == Some(0) {
                return None;
            }
        }
        self.complete(positions, holds)
    }

    /// The first candidate that begins with `positions`.
    fn complete(&self, mut positions: Vec<Position>, holds: &Holds<'_>) -> Option<Vec<Position>> {
        while positions.len() < self.lens.len() {
            let axis = positions.len();
            let allowed = self.choices(axis, &positions, holds).find(|&choice| {
                positions.push(choice);
                let below = self.count_allowed(axis, &mut positions, holds);
                positions.pop();
                below != Some(0)
            });
            positions.push(allowed?);
        }
        Some(positions)
    }

    /// One candidate for each value that some candidate has, the later axes at the first values that go with it.
    pub(super) fn witnesses(&self, holds: &Holds<'_>) -> Vec<Vec<Position>> {
        let mut walk =
            Walk { reached: vec![HashSet::new(); self.lens.len()], shown: HashSet::new(), found: Vec::new() };
        self.walk(&mut Vec::new(), &mut walk, holds);
        walk.found
    }

    /// Goes through every state that the rules can tell apart once, as counting does.
    fn walk(&self, positions: &mut Vec<Position>, walk: &mut Walk, holds: &Holds<'_>) {
        let axis = positions.len();
        if axis == self.lens.len() || !walk.reached[axis].insert(self.key(axis, positions)) {
            return;
        }
        for choice in self.choices(axis, positions, holds) {
            positions.push(choice);
            if self.count_allowed(axis, positions, holds) != Some(0) {
                let place = if let Position::At(at) = choice { Some(at) } else { None };
                if walk.shown.insert((axis, place)) {
                    walk.found.extend(self.complete(positions.clone(), holds));
                }
                self.walk(positions, walk, holds);
            }
            positions.pop();
        }
    }

    /// True where every value of the axis has as many candidates below it as every other.
    fn is_plain(&self, axis: usize) -> bool {
        self.when[axis].is_none() && self.forbid[axis].is_empty() && !self.live[axis + 1].contains(&axis)
    }

    /// The positions that the axis can take after a prefix.
    fn choices(
        &self,
        axis: usize,
        positions: &[Position],
        holds: &Holds<'_>,
    ) -> impl Iterator<Item = Position> + use<> {
        let present = self.when[axis].is_none_or(|rule| holds(rule, positions));
        let len = if present { self.lens[axis] } else { 0 };
        (0..len).map(Position::At).chain((!present).then_some(Position::Absent))
    }

    /// Candidates below a prefix whose last axis is `axis`, none where a rule forbids it.
    fn count_allowed(&self, axis: usize, positions: &mut Vec<Position>, holds: &Holds<'_>) -> Option<usize> {
        if self.forbid[axis].iter().any(|&rule| holds(rule, positions)) {
            return Some(0);
        }
        self.count(positions, holds)
    }

    /// Candidates below a prefix.
    fn count(&self, positions: &mut Vec<Position>, holds: &Holds<'_>) -> Option<usize> {
        let axis = positions.len();
        if axis == self.lens.len() {
            return Some(1);
        }
        let key = self.key(axis, positions);
        if let Some(known) = self.counts.borrow()[axis].get(&key) {
            return *known;
        }
        let count = if self.is_plain(axis) {
            positions.push(Position::At(0));
            let below = self.count(positions, holds);
            positions.pop();
            // An empty axis leaves nothing, however many candidates there would be below it.
            if self.lens[axis] == 0 { Some(0) } else { below.and_then(|below| below.checked_mul(self.lens[axis])) }
        } else {
            self.choices(axis, positions, holds).try_fold(0_usize, |sum, position| {
                positions.push(position);
                let below = self.count_allowed(axis, positions, holds);
                positions.pop();
                sum.checked_add(below?)
            })
        };
        self.counts.borrow_mut()[axis].insert(key, count);
        count
    }

    /// The positions of the axes that are live at `axis`, as digits of one number; an absent axis is the digit 0.
    ///
    /// It would overflow only where 2^64 combinations are asked by rules, and those could not be counted anyway.
    fn key(&self, axis: usize, positions: &[Position]) -> u64 {
        self.live[axis].iter().fold(0, |key, &live| {
            let digit = match positions[live] {
                Position::At(at) => at as u64 + 1,
                Position::Value(_) | Position::Absent => 0,
            };
            key.wrapping_mul(self.lens[live] as u64 + 1).wrapping_add(digit)
        })
    }
}
