//! Checks of the names of candidates: the JSON of their values, by which studies and digests know them.

use std::collections::HashMap;

use crate::{
    error::{NameError, Result},
    space::{Params, name},
};

/// The candidates whose names are checked most thoroughly.
const THOROUGH: usize = 64;

/// The times that candidate number `number` of those to be checked is read back and written again. Of the first ones, a set of
/// two values whose order is chance is missed once in 2^64.
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
