//! Reports that errors keep.

use std::{any::Any, fmt};

/// A report that an error keeps, of a type that it does not know: [`Error::report`](super::Error::report) gives it.
// Boxed twice, so that it takes one pointer: every `Result` of the project has room for the largest error.
pub struct AnyReport(Box<Box<dyn Any + Send + Sync>>);

impl AnyReport {
    pub(crate) fn new(report: impl Any + Send + Sync) -> Self {
        Self(Box::new(Box::new(report)))
    }

    /// The report, if it is of that type.
    pub(crate) fn get<R: Any>(&self) -> Option<&R> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for AnyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyReport").finish_non_exhaustive()
    }
}
