//! Compile-time checks of the ranges of axes. Each returns a message if the range is invalid.

use super::sentence::text_of;
use crate::nn::{Range, range_of};

/// Checks the range from `low` to `high`. Equal ends are allowed if the range is `closed`.
#[doc(hidden)]
pub const fn range(low: f64, high: f64, closed: bool) -> Option<&'static str> {
    if !(low.is_finite() && high.is_finite()) {
        return Some(text_of!(FiniteEnds));
    }
    if low > high {
        return Some(text_of!(LowFirst));
    }
    if low == high && !closed {
        return Some(text_of!(NotEmpty));
    }
    None
}

/// Checks a logarithmic range.
#[doc(hidden)]
pub const fn log_range(low: f64, high: f64, closed: bool) -> Option<&'static str> {
    if low <= 0.0 {
        return Some(text_of!(AboveZero));
    }
    range(low, high, closed)
}

/// Checks a geometric grid of `points` values.
#[doc(hidden)]
pub const fn log_grid(low: f64, high: f64, points: f64) -> Option<&'static str> {
    if points < 2.0 {
        return Some("a range has at least 2 points, its two ends");
    }
    log_range(low, high, true)
}

/// Checks a range with a step. The last step may miss `high` by a relative `tolerance`, for rounding in the number
/// type.
#[doc(hidden)]
pub const fn stepped(low: f64, high: f64, step: f64, tolerance: f64) -> Option<&'static str> {
    if let Some(fault) = range(low, high, true) {
        return Some(fault);
    }
    if !(step > 0.0 && step.is_finite()) {
        return Some(text_of!(StepAboveZero));
    }
    let steps = (high - low) / step;
    let short = steps - steps.round();
    if short.abs() > tolerance * steps.max(1.0) {
        return Some(text_of!(ReachesTheEnd));
    }
    None
}

/// Returns the range of a named setting. Returns all finite numbers for an unknown name, which another check reports.
#[doc(hidden)]
pub const fn range_or_any(settings: &[(&str, Range)], name: &str) -> Range {
    match range_of(settings, name) {
        Some(range) => range,
        None => Range::FINITE,
    }
}
