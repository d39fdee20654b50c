//! Constant texts for the compile-time checks of a model.

use crate::nn::Range;

/// The length of [`names`].
#[doc(hidden)]
pub const fn names_len(settings: &[(&str, Range)]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < settings.len() {
        len += settings[at].0.len() + if at == 0 { 2 } else { 4 };
        at += 1;
    }
    len
}

/// The names of all settings in backticks, separated by commas. `N` is their [`names_len`].
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

/// Ends the evaluation of a constant with the fault, which the compiler then shows at the caller.
#[doc(hidden)]
#[track_caller]
pub const fn refuse(fault: &str) {
    panic!("{}", fault)
}

/// The sum of the lengths of all parts.
#[doc(hidden)]
pub const fn joined_len(parts: &[&str]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < parts.len() {
        len += parts[at].len();
        at += 1;
    }
    len
}

/// The concatenation of all parts. `N` is their [`joined_len`].
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

/// The bytes of [`joined`] or [`names`] as text.
#[doc(hidden)]
pub const fn text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}
