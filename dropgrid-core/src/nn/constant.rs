//! What the compile-time checks of a model are made of: text put together while compiling.

use super::{Range, range_of};

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
