//! Texts and names as MLflow's files have them.

use std::{fmt::Write, path::Path};

use crate::escape::escaped;

/// The longest name of a file: MLflow allows names of 250 characters, and most systems 255 bytes.
const LONGEST_NAME: usize = 240;
/// The longest text of a parameter.
const LONGEST_TEXT: usize = 6000;

/// A text in YAML, which takes JSON's strings. What does not show is written out, since YAML refuses some of it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(escaped(text)).to_string()
}

/// The text as long as MLflow takes it.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

/// A name that is a file of every system and that MLflow takes: letters, digits, `_`, `-`, `.` and spaces inside.
pub(super) fn file_name(name: &str) -> String {
    let plain = |letter: char| {
        let is_plain = letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ' ');
        if is_plain { letter } else { '_' }
    };
    let mut text: String = name.chars().take(LONGEST_NAME).map(plain).collect();
    if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        text.insert(0, '_');
    }
    // Windows drops these at the end.
    if text.ends_with(['.', ' ']) {
        text.push('_');
    }
    text
}

/// The address of a folder: `file:///home/a%20b`.
pub(super) fn address(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut address = if path.starts_with('/') { "file://".to_owned() } else { "file:///".to_owned() };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b':' => address.push(byte.into()),
            // Writing to a string cannot fail.
            byte => drop(write!(address, "%{byte:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_keep_to_their_places() {
        assert_eq!(file_name("mean_test_accuracy"), "mean_test_accuracy");
        assert_eq!(file_name("../a:b\n<é>"), "_.._a_b____");
        assert_eq!((file_name(""), file_name("a.")), ("_".to_owned(), "a._".to_owned()));
        assert!(file_name(&"x".repeat(9000)).len() <= LONGEST_NAME + 1);
        assert_eq!(quoted("a\"\n\u{202e}"), "\"a\\\"\\\\n\\\\u{202e}\"");
        assert_eq!(address(Path::new("/a b/é")), "file:///a%20b/%C3%A9");
    }
}
