//! Text in constants.

/// The text with more at its end, and its new end.
pub(super) const fn append<const N: usize>(mut text: [u8; N], end: usize, more: &str) -> ([u8; N], usize) {
    let (more, mut at) = (more.as_bytes(), 0);
    while at < more.len() {
        text[end + at] = more[at];
        at += 1;
    }
    (text, end + at)
}

/// A part of the text.
pub(super) const fn cut(text: &'static [u8], start: usize, len: usize) -> &'static str {
    match core::str::from_utf8(text.split_at(start).1.split_at(len).0) {
        Ok(text) => text,
        Err(_) => "",
    }
}
