//! Bytes with a mark of their kind and a checksum, which reveals damage.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub(super) type Sum = [u8; 32];

/// Returns the digest of bytes.
pub(super) fn sum(bytes: &[u8]) -> Sum {
    Sha256::digest(bytes).into()
}

/// Returns a digest in hexadecimal.
pub(super) fn hex(sum: &Sum) -> String {
    sum.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Returns the mark as a line, then the checksum of the mark and the body, then the body.
pub(super) fn seal(mark: &str, body: &[u8]) -> Vec<u8> {
    [mark.as_bytes(), b"\n", &sum_of(mark, body), body].concat()
}

/// Returns the body; `None` if the bytes are damaged or have another mark.
pub(super) fn open<'a>(mark: &str, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let (sum, body) = bytes.strip_prefix(mark.as_bytes())?.strip_prefix(b"\n")?.split_first_chunk::<32>()?;
    (*sum == sum_of(mark, body)).then_some(body)
}

fn sum_of(mark: &str, body: &[u8]) -> Sum {
    let mut hash = Sha256::new();
    hash.update((mark.len() as u64).to_le_bytes());
    hash.update(mark);
    hash.update(body);
    hash.finalize().into()
}
