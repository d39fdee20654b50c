//! Encodings other than UTF-8.

use std::io::{self, ErrorKind, Read};

/// The encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
    /// Latin-1 with the letters of Windows-1252 where it has controls.
    Latin1,
}

/// The letters of [Windows-1252](https://encoding.spec.whatwg.org/#windows-1252) from 0x80 to 0x9f.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Encoding {
    /// The encoding of a text that starts with `head`, by its byte order mark or by the zeros of UTF-16, and the length
    /// of the mark.
    pub(super) fn of(head: &[u8], latin1: bool) -> (Self, usize) {
        match head {
            [0xef, 0xbb, 0xbf, ..] => (Self::Utf8, 3),
            [0xff, 0xfe, ..] => (Self::Utf16Little, 2),
            [0xfe, 0xff, ..] => (Self::Utf16Big, 2),
            _ if latin1 => (Self::Latin1, 0),
            [first, 0, second, 0, ..] if *first != 0 && *second != 0 => (Self::Utf16Little, 0),
            [0, first, 0, second, ..] if *first != 0 && *second != 0 => (Self::Utf16Big, 0),
            _ => (Self::Utf8, 0),
        }
    }
}

/// A byte as Latin-1, or as Windows-1252.
pub(super) fn latin1(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// A text as UTF-8.
#[derive(Debug)]
pub(super) struct Decoder<R> {
    input: R,
    encoding: Encoding,
    /// Bytes that were read, from the first that is not decoded.
    bytes: Vec<u8>,
    text: Vec<u8>,
    /// The first byte of the text that was not handed on.
    at: usize,
}

impl<R: Read> Decoder<R> {
    pub(super) fn new(input: R, encoding: Encoding) -> Self {
        Self { input, encoding, bytes: Vec::new(), text: Vec::new(), at: 0 }
    }

    /// Decodes what can be decoded of the bytes, all of them at the end of the text.
    fn decode(&mut self, is_end: bool) -> io::Result<()> {
        let mut buffer = [0; 4];
        if self.encoding == Encoding::Latin1 {
            for byte in self.bytes.drain(..) {
                self.text.extend_from_slice(latin1(byte).encode_utf8(&mut buffer).as_bytes());
            }
            return Ok(());
        }
        let unit = |pair: &[u8]| match self.encoding {
            Encoding::Utf16Little => u16::from_le_bytes([pair[0], pair[1]]),
            _ => u16::from_be_bytes([pair[0], pair[1]]),
        };
        let mut whole = self.bytes.len() / 2 * 2;
        // The first half of a pair waits for the second one.
        if !is_end && whole > 0 && (0xd800..0xdc00).contains(&unit(&self.bytes[whole - 2..])) {
            whole -= 2;
        }
        let units = self.bytes[..whole].chunks_exact(2).map(unit);
        let fault = || io::Error::new(ErrorKind::InvalidData, "the text is not UTF-16");
        for letter in char::decode_utf16(units) {
            let letter = letter.map_err(|_| fault())?;
            self.text.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
        }
        self.bytes.drain(..whole);
        if is_end && !self.bytes.is_empty() { Err(fault()) } else { Ok(()) }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const PIECE: u64 = 16 * 1024;
        if self.at == self.text.len() {
            self.text.clear();
            self.at = 0;
            let mut is_end = false;
            while self.text.is_empty() && !is_end {
                is_end = self.input.by_ref().take(PIECE).read_to_end(&mut self.bytes)? == 0;
                self.decode(is_end)?;
            }
        }
        let length = buffer.len().min(self.text.len() - self.at);
        buffer[..length].copy_from_slice(&self.text[self.at..][..length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader of one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(1).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn decoded(bytes: &[u8], encoding: Encoding) -> io::Result<String> {
        let mut text = String::new();
        Decoder::new(Slow(bytes), encoding).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn texts_come_as_utf_8() {
        let text = "größe,€,😀\n".repeat(5000);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&little, Encoding::Utf16Little).expect("a text"), text);
        assert_eq!(decoded(&big, Encoding::Utf16Big).expect("a text"), text);
        assert_eq!(decoded(b"gr\xf6\xdfe \x80", Encoding::Latin1).expect("a text"), "größe €");
        for bytes in [&little[..little.len() - 1], &[0x3d, 0xd8], &[0, 0xdc, b'a', 0]] {
            let error = decoded(bytes, Encoding::Utf16Little).expect_err("half a text");
            assert_eq!(error.to_string(), "the text is not UTF-16");
        }
    }

    #[test]
    fn an_encoding_is_known_by_its_start() {
        for (head, expected) in [
            (&b"\xef\xbb\xbfa"[..], (Encoding::Utf8, 3)),
            (b"\xff\xfea\0", (Encoding::Utf16Little, 2)),
            (b"\xfe\xff\0a", (Encoding::Utf16Big, 2)),
            (b"a\0,\0", (Encoding::Utf16Little, 0)),
            (b"\0a\0,", (Encoding::Utf16Big, 0)),
            (b"a,y\n", (Encoding::Utf8, 0)),
            (b"a,y\n1,0\n\0\0,1\n", (Encoding::Utf8, 0)),
            (b"", (Encoding::Utf8, 0)),
        ] {
            assert_eq!(Encoding::of(head, false), expected, "{head:?}");
        }
        assert_eq!(Encoding::of(b"a,y\n", true), (Encoding::Latin1, 0));
    }
}
