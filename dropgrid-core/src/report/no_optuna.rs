//! A report where there is no SQLite.

use std::path::Path;

use super::Report;
use crate::{
    error::{Off, Result, StudyFeature},
    model::Model,
};

impl<M: Model, T, F> Report<M, T, F> {
    /// Needs the feature `study`, which is off.
    ///
    /// # Errors
    /// Never, as it cannot be called.
    pub fn to_optuna(&self, _: impl AsRef<Path>) -> Result<()>
    where
        for<'a> Off<'a>: StudyFeature,
    {
        Ok(())
    }
}
