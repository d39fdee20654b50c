//! The rules of a space on positions.

use super::{Position, RuleKind, Space};

/// True where a candidate with these positions of the earlier axes has the axis of that number.
pub(super) fn is_present<S: Space>(space: &S, axis: usize, positions: &[Position]) -> bool {
    let when = S::RULES.iter().position(|rule| rule.kind == RuleKind::When(axis));
    when.is_none_or(|rule| space.holds(rule, positions))
}

/// True where a rule forbids the candidate at these positions.
pub(super) fn is_forbidden<S: Space>(space: &S, positions: &[Position]) -> bool {
    let mut rules = S::RULES.iter().enumerate().filter(|(_, rule)| rule.kind == RuleKind::Forbid);
    rules.any(|(number, _)| space.holds(number, positions))
}
