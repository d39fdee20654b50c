//! Random candidates.

use super::{
    Enumeration, Params as _, Position, Space,
    rules::{is_forbidden, is_present},
};
use crate::{
    error::{Error, Result, SpaceError},
    seed::{Key, below},
};

/// Draws that a rule may throw away before the space is given up as empty.
const TRIES: u32 = 10_000;

/// The random candidate of `key`: every axis drawn by itself, drawn anew where a rule forbids the whole.
///
/// # Errors
/// [`SpaceError::EmptyAxis`]; [`SpaceError::Empty`] where the rules leave nothing, or, of a space with a continuous
/// axis, where 10 000 draws in a row were forbidden.
pub fn sample<S: Space>(space: &S, key: Key) -> Result<S::Params> {
    sample_below(space, &[], key)
}

/// The random candidate of `key` among those whose first axes stand at the positions of `prefix`.
pub(crate) fn sample_below<S: Space>(space: &S, prefix: &[Position], key: Key) -> Result<S::Params> {
    let names = S::Params::NAMES;
    if let Some(empty) = (0..names.len()).find(|&axis| space.len_of(axis) == Some(0)) {
        return Err(Error::Space(SpaceError::EmptyAxis { axis: names[empty] }));
    }
    let mut rng = key.rng();
    for _ in 0..TRIES {
        let mut positions: Vec<Position> = Vec::with_capacity(names.len());
        positions.extend_from_slice(prefix);
        for axis in prefix.len()..names.len() {
            let present = is_present(space, axis, &positions);
            // The draw is made either way, so that the later axes do not depend on the earlier ones' rules.
            let drawn = space.draw(axis, &mut rng);
            positions.push(if present { drawn } else { Position::Absent });
        }
        if !is_forbidden(space, &positions) {
            return Ok(space.at(&positions));
        }
    }
    // The rules leave few of many candidates. In a space that can be listed, counting them finds one.
    if (0..names.len()).any(|axis| space.len_of(axis).is_none()) {
        return Err(Error::Space(SpaceError::Empty));
    }
    let listed = Enumeration::new(space);
    let candidate = if prefix.is_empty() {
        listed.nth(below(&mut rng, listed.len()?.max(1) as u64) as usize)
    } else {
        listed.first_below(prefix)
    };
    candidate.ok_or(Error::Space(SpaceError::Empty))
}
