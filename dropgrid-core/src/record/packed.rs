//! Bytes and numbers as one text, in base 64 ([RFC 4648](https://www.rfc-editor.org/rfc/rfc4648#section-4) without
//! padding): of numbers the little-endian bits of each. A JSON list of them would be twice as long.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serializer, de};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes the numbers; nothing where there are none.
#[allow(clippy::ref_option, reason = "serde gives the field like this")]
pub(super) fn serialize<S: Serializer>(numbers: &Option<Arc<[f64]>>, serializer: S) -> Result<S::Ok, S::Error> {
    match numbers {
        Some(numbers) => serializer.serialize_some(&text(numbers)),
        None => serializer.serialize_none(),
    }
}

/// Reads the numbers.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Arc<[f64]>>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    numbers(&text).map(Some).ok_or_else(|| de::Error::custom("not the bits of numbers in base 64"))
}

fn text(numbers: &[f64]) -> String {
    text_of_bytes(&numbers.iter().flat_map(|number| number.to_bits().to_le_bytes()).collect::<Vec<_>>())
}

/// Bytes as a text.
pub(super) fn text_of_bytes(bytes: &[u8]) -> String {
    let digits = bytes.chunks(3).flat_map(|chunk| {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        (0..=chunk.len()).map(move |digit| char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63]))
    });
    digits.collect()
}

fn numbers(text: &str) -> Option<Arc<[f64]>> {
    let bytes = bytes_of_text(text)?;
    let (chunks, rest) = bytes.as_chunks::<8>();
    rest.is_empty().then(|| chunks.iter().map(|chunk| f64::from_bits(u64::from_le_bytes(*chunk))).collect())
}

/// The bytes of a text; `None` where none was written like this.
pub(super) fn bytes_of_text(text: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| {
        Some(match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        })
    };
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    for digits in text.as_bytes().chunks(4) {
        let bits = digits.iter().try_fold(0_u32, |bits, digit| Some(bits << 6 | u32::from(value(*digit)?)))?;
        let bits = bits << (6 * (4 - digits.len()));
        // One digit has not the bits of a byte.
        bytes.extend_from_slice(bits.to_be_bytes().get(1..digits.len()).filter(|bytes| !bytes.is_empty())?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_bits() {
        let all = [0.1, -0.0, f64::INFINITY, f64::from_bits(0x7ff8_0000_0000_1234), 1e-300];
        for count in 0..=all.len() {
            let read = numbers(&text(&all[..count])).expect("numbers");
            let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&read), bits(&all[..count]));
        }
        // Python: base64.b64encode(struct.pack("<d", 0.1)).
        assert_eq!(text(&[0.1]), "mpmZmZmZuT8");
        assert!(numbers("mpmZmZmZuT").is_none() && numbers("mpmZmZmZu!8").is_none() && numbers("A").is_none());
    }
}
