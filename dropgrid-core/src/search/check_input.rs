//! The check that the networks of a model take the rows of the data.

use crate::{
    data::Features,
    error::Result,
    model::{Model, check_columns},
    phase::check_len,
    train::NetworkType,
};

/// Checks that rows of the data have as many numbers as the networks of an architecture take, and, of one that is trained, that
/// its first fields prepare every column.
pub(super) fn check_input<M: Model>(params: &M::Params, features: &Features, is_trained: bool) -> Result<()> {
    let NetworkType { input, layers } = NetworkType::of::<M>(params)?;
    check_len(features, input.iter().product())?;
    if is_trained { check_columns::<M>(features, &layers) } else { Ok(()) }
}
