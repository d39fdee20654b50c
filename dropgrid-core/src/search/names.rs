//! Checks of candidate names. A name is the JSON of the candidate's values. Studies and digests identify a candidate by
//! it.

use std::collections::HashMap;

use crate::{
    error::{NameError, Result},
    space::{Params, name},
};

/// The number of candidates, counted from the first, whose names are checked most thoroughly.
const THOROUGH: usize = 64;

/// Returns how often the name of a candidate is read back and written again. `number` is the candidate's position among
/// those to check. If a hyperparameter is a set of two values in random order, it passes 64 checks with probability
/// 2^-64.
fn times(number: usize) -> usize {
    if number < THOROUGH { 64 } else { 2 }
}

/// Checks that the name of each candidate can be read back, and is written in the same way each time.
///
/// # Errors
/// [`NameError`].
pub(super) fn check_all<'a, P: Params>(candidates: impl IntoIterator<Item = &'a P>) -> Result<()> {
    candidates.into_iter().enumerate().try_for_each(|(number, params)| params.check(times(number)))
}

/// Checks the names of candidates that a strategy lists, and checks that they are distinct.
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
