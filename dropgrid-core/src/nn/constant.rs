//! What the compile-time checks of a model are made of.

use super::{Range, range_of, tunable::same};

/// Whether a hyperparameter that is `named` so among a layer's settings is the setting `name`.
pub const fn is_named(named: Option<&str>, name: &str) -> bool {
    match named {
        Some(named) => same(named, name),
        None => false,
    }
}

/// The length of [`names`].
pub const fn names_len(settings: &[(&str, Range)]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < settings.len() {
        len += settings[at].0.len() + if at == 0 { 2 } else { 4 };
        at += 1;
    }
    len
}

/// The names of all settings, each in backticks, with a comma between; `N` is [`names_len`] of them.
pub const fn names<const N: usize>(settings: &[(&str, Range)]) -> [u8; N] {
    let mut bytes = [b'`'; N];
    let (mut setting, mut end) = (0, 0);
    while setting < settings.len() {
        if setting > 0 {
            (bytes[end], bytes[end + 1]) = (b',', b' ');
            end += 2;
        }
        let source = settings[setting].0.as_bytes();
        let mut at = 0;
        while at < source.len() {
            bytes[end + 1 + at] = source[at];
            at += 1;
        }
        end += source.len() + 2;
        setting += 1;
    }
    bytes
}

/// What is wrong with a range from `low` to `high`, whose ends may be equal where it is `closed`.
pub const fn range(low: f64, high: f64, closed: bool) -> Option<&'static str> {
    if !(low.is_finite() && high.is_finite()) {
        return Some("the ends of a range are finite numbers");
    }
    if low > high {
        return Some("the range is upside down: its low end comes first");
    }
    if low == high && !closed {
        return Some("the range is empty: its ends are equal, and the high one is not part of it");
    }
    None
}

/// What is wrong with a range of a uniform logarithm.
pub const fn log_range(low: f64, high: f64, closed: bool) -> Option<&'static str> {
    if low <= 0.0 {
        return Some("a logarithmic range starts above 0: write a small number such as 1e-6");
    }
    range(low, high, closed)
}

/// What is wrong with `points` values at equal ratios.
pub const fn log_grid(low: f64, high: f64, points: f64) -> Option<&'static str> {
    if points < 2.0 {
        return Some("a range has at least 2 points, its two ends");
    }
    log_range(low, high, true)
}

/// What is wrong with a range in steps. The end counts as reached within `tolerance` of a step, for the rounding of the
/// numbers' type.
pub const fn stepped(low: f64, high: f64, step: f64, tolerance: f64) -> Option<&'static str> {
    if let Some(fault) = range(low, high, true) {
        return Some(fault);
    }
    if !(step > 0.0 && step.is_finite()) {
        return Some("the step is not above 0, so it never reaches the end");
    }
    let steps = (high - low) / step;
    let short = steps - steps.round();
    if short.abs() > tolerance * steps.max(1.0) {
        return Some("the step never reaches the end: write another step, or the last value that it reaches");
    }
    None
}

/// The range of a named setting, or any number where there is none: that it is missing is an error of its own.
pub const fn range_or_any(settings: &[(&str, Range)], name: &str) -> Range {
    match range_of(settings, name) {
        Some(range) => range,
        None => Range::FINITE,
    }
}

/// The length of all parts together.
pub const fn joined_len(parts: &[&str]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < parts.len() {
        len += parts[at].len();
        at += 1;
    }
    len
}

/// All parts together; `N` is [`joined_len`] of them.
pub const fn joined<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut bytes = [0; N];
    let (mut part, mut end) = (0, 0);
    while part < parts.len() {
        let source = parts[part].as_bytes();
        let mut at = 0;
        while at < source.len() {
            bytes[end] = source[at];
            end += 1;
            at += 1;
        }
        part += 1;
    }
    bytes
}

/// [`joined`] bytes as text.
pub const fn text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}
