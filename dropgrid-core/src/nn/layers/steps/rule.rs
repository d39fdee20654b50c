//! Rules for unknown categories.

use super::impute::Constant;

/// The rule of [`OneHot`](super::OneHot) and [`Ordinal`](super::Ordinal) for a category that was not among those of the
/// data that a model was trained on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no rule for unknown categories",
    note = "leave it out, and unknown categories are refused; or write `OneHot<C, Zeros>` or `Ordinal<C, Constant>`"
)]
pub trait UnknownRule: std::fmt::Debug + Clone + Send + Sync + 'static {
    /// True where unknown categories are taken.
    const TAKEN: bool;
}

/// Refuses unknown categories: scikit-learn's `handle_unknown='error'`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refusal;

/// Makes zeros of an unknown category: scikit-learn's `handle_unknown='ignore'`.
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
