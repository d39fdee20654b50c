//! Rules for unknown categories.

use super::impute::Constant;

/// A rule of [`OneHot`](super::OneHot) and [`Ordinal`](super::Ordinal) for categories that are not in the training data
/// set.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no rule for unknown categories",
    note = "leave it out, and unknown categories are refused; or write `OneHot<C, Zeros>` or `Ordinal<C, Constant>`"
)]
pub trait UnknownRule: std::fmt::Debug + Clone + Send + Sync + 'static {
    /// True if unknown categories are allowed.
    const TAKEN: bool;
}

/// Returns an error for unknown categories, as scikit-learn's `handle_unknown='error'`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refusal;

/// Outputs zeros for an unknown category, as scikit-learn's `handle_unknown='ignore'`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Zeros;

impl UnknownRule for Refusal {
    const TAKEN: bool = false;
}

impl UnknownRule for Zeros {
    const TAKEN: bool = true;
}

impl UnknownRule for Constant {
    const TAKEN: bool = true;
}
