//! Checks that a candidate's network was compiled.

use crate::error::{Error, Result, SpaceError};

/// Checks that an architecture was compiled for the value of the width `axis`, where the candidate has one.
///
/// # Errors
/// [`SpaceError::NotCompiled`].
#[doc(hidden)]
pub fn compiled(axis: &'static str, value: impl IntoIterator<Item = usize>, compiled: &'static [usize]) -> Result<()> {
    match value.into_iter().find(|value| !compiled.contains(value)) {
        Some(value) => Err(Error::Space(SpaceError::NotCompiled { axis, value: value.to_string(), compiled })),
        None => Ok(()),
    }
}

/// Checks that a candidate has a value of `axis` exactly where the condition of the axis holds.
///
/// # Errors
/// [`SpaceError::Condition`].
#[doc(hidden)]
pub fn exists(axis: &'static str, is_given: bool, holds: bool) -> Result<()> {
    if is_given == holds { Ok(()) } else { Err(Error::Space(SpaceError::Condition { axis, holds })) }
}
