//! Constant strings for the compile-time checks of a model.

use crate::nn::Range;

/// Returns the number of bytes of [`names`].
#[doc(hidden)]
pub const fn names_len(settings: &[(&str, Range)]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < settings.len() {
        len += settings[at].0.len() + if at == 0 { 2 } else { 4 };
        at += 1;
    }
    len
}

/// Returns the names of all settings in backticks, separated by commas. `N` is [`names_len`] of the settings.
#[doc(hidden)]
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

/// Panics with the message, which the compiler shows at the caller while it evaluates a constant.
#[doc(hidden)]
#[track_caller]
pub const fn refuse(fault: &str) {
    panic!("{}", fault)
}

/// Returns the total length of all parts, in bytes.
#[doc(hidden)]
pub const fn joined_len(parts: &[&str]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < parts.len() {
        len += parts[at].len();
        at += 1;
    }
    len
}

/// Concatenates all parts. `N` is [`joined_len`] of the parts.
#[doc(hidden)]
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

/// Converts the bytes of [`joined`] or [`names`] to a string.
#[doc(hidden)]
pub const fn text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}
