//! Random candidates.

use super::{Enumeration, Position, RuleKind, Space};
use crate::{
    error::{Error, Result},
    seed::{Key, below},
};

/// Draws that a rule may throw away before the space is given up as empty.
const TRIES: u32 = 10_000;

/// The random candidate of `key`: every axis drawn by itself, drawn anew where a rule forbids the whole.
///
/// # Errors
/// [`Error::EmptyAxis`]; [`Error::EmptySpace`] where the rules leave nothing, or, of a space with a continuous axis, where
/// 10 000 draws in a row were forbidden.
pub fn sample<S: Space>(space: &S, key: Key) -> Result<S::Params> {
    sample_below(space, &[], key)
}

/// As [`sample`], among the candidates whose first axes stand at the positions of `prefix`.
pub(crate) fn sample_below<S: Space>(space: &S, prefix: &[Position], key: Key) -> Result<S::Params> {
    let axes = space.axes();
    if let Some(empty) = axes.iter().find(|axis| axis.len == Some(0)) {
        return Err(Error::EmptyAxis { axis: empty.name });
    }
    let mut rng = key.rng();
    for _ in 0..TRIES {
        let mut positions: Vec<Position> = Vec::with_capacity(axes.len());
        positions.extend_from_slice(prefix);
        for axis in prefix.len()..axes.len() {
            let when = S::RULES.iter().position(|rule| rule.kind == RuleKind::When(axis));
            let present = when.is_none_or(|rule| space.holds(rule, &positions));
            // The draw is made either way, so that the later axes do not depend on the earlier ones' rules.
            let drawn = space.draw(axis, &mut rng);
            positions.push(if present { drawn } else { Position::Absent });
        }
        let mut rules = S::RULES.iter().enumerate().filter(|(_, rule)| rule.kind == RuleKind::Forbid);
        if !rules.any(|(number, _)| space.holds(number, &positions)) {
            return Ok(space.at(&positions));
        }
    }
    // Few of many: of what can be listed, the rules' own count finds one.
    if axes.iter().any(|axis| axis.len.is_none()) {
        return Err(Error::EmptySpace);
    }
    let listed = Enumeration::new(space);
    let candidate = if prefix.is_empty() {
        listed.nth(below(&mut rng, listed.len()?.max(1) as u64) as usize)
    } else {
        listed.first_below(prefix)
    };
    candidate.ok_or(Error::EmptySpace)
}
