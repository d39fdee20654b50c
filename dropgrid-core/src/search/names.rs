//! Candidates have names, by which studies and digests know them: the JSON of their values.

use std::collections::HashMap;

use crate::{
    error::{NameError, Result},
    space::{Params, name},
};

/// Candidates that are checked so often that an order by chance is found for certain. Of others, one or another is.
const THOROUGH: usize = 64;

/// How often the candidate of this number among those to be checked is read back and written again. In the first ones a set
/// of two whose order is chance is missed once in 2^64.
fn times(number: usize) -> usize {
    if number < THOROUGH { 64 } else { 2 }
}

/// Checks the names of candidates.
///
/// # Errors
/// [`NameError`].
pub(super) fn check_all<'a, P: Params>(candidates: impl IntoIterator<Item = &'a P>) -> Result<()> {
    candidates.into_iter().enumerate().try_for_each(|(number, params)| params.check(times(number)))
}

/// Checks the names of listed candidates, of which no two are the same.
///
/// # Errors
/// [`NameError`].
pub(super) fn check_listed<P: Params>(listed: &[P]) -> Result<()> {
    check_all(listed)?;
    let mut known = HashMap::new();
    for (second, params) in listed.iter().enumerate() {
        if let Some(first) = known.insert(name(params)?, second) {
            return Err(NameError::Repeated { first, second, params: params.to_string() }.into());
        }
    }
    Ok(())
}
