//! The state of a training as bytes: numbers in little-endian order behind a mark and a checksum.

/// Writes numbers as little-endian bytes, one after the other.
#[derive(Debug, Default)]
pub(in crate::train) struct StateWriter {
    bytes: Vec<u8>,
}

impl StateWriter {
    pub(in crate::train) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(in crate::train) fn count(&mut self, count: usize) {
        self.bytes.extend_from_slice(&(count as u64).to_le_bytes());
    }

    pub(in crate::train) fn double(&mut self, number: f64) {
        self.bytes.extend_from_slice(&number.to_bits().to_le_bytes());
    }

    pub(in crate::train) fn single(&mut self, number: f32) {
        self.bytes.extend_from_slice(&number.to_bits().to_le_bytes());
    }

    /// Writes the length of the text in bytes, and then the bytes.
    pub(in crate::train) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Writes how many numbers there are, and then the numbers.
    pub(in crate::train) fn singles(&mut self, numbers: &[f32]) {
        self.count(numbers.len());
        self.bytes.reserve(size_of_val(numbers));
        for &number in numbers {
            self.single(number);
        }
    }

    /// The bytes written, behind the mark and a checksum that shows damage.
    pub(in crate::train) fn seal(self) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(HEAD + self.bytes.len());
        sealed.extend_from_slice(MARK);
        sealed.extend_from_slice(&sum(&self.bytes).to_le_bytes());
        sealed.extend_from_slice(&self.bytes);
        sealed
    }
}

/// The mark at the start of a state. Its last byte is the version.
const MARK: &[u8; 8] = b"dg-fit\0\x01";
const HEAD: usize = 16;

/// True where a state is undamaged and belongs to the fold, the number of epochs and, where one is given, the
/// `training`.
pub(crate) fn is_intact(state: &[u8], training: Option<&str>, fold: u32, epochs: u32) -> bool {
    let Some(mut from) = StateReader::open(state) else { return false };
    let is_of = |text: &str| training.is_none_or(|training| training == text);
    from.text().is_some_and(is_of) && from.count() == Some(fold as usize) && from.count() == Some(epochs as usize)
}

/// A Fowler-Noll-Vo checksum ([FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/)) over words in place of bytes, with
/// a rotation that mixes high bits into low ones.
fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    let start = 0xcbf2_9ce4_8422_2325 ^ bytes.len() as u64;
    words.fold(start, |sum, word| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29))
}

/// Reads what a [`StateWriter`] wrote. Every method returns `None` where the bytes hold something else.
#[derive(Debug)]
pub(in crate::train) struct StateReader<'a> {
    bytes: &'a [u8],
}

impl<'a> StateReader<'a> {
    /// A reader of the bytes behind the mark and the checksum; `None` where either is wrong.
    pub(in crate::train) fn open(sealed: &'a [u8]) -> Option<Self> {
        let (head, bytes) = sealed.split_at_checked(HEAD)?;
        let (mark, written) = head.split_at(MARK.len());
        (mark == MARK && written == sum(bytes).to_le_bytes()).then_some(Self { bytes })
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*taken)
    }

    pub(in crate::train) fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    pub(in crate::train) fn count(&mut self) -> Option<usize> {
        self.take().map(u64::from_le_bytes)?.try_into().ok()
    }

    pub(in crate::train) fn double(&mut self) -> Option<f64> {
        self.take().map(|bytes| f64::from_bits(u64::from_le_bytes(bytes)))
    }

    pub(in crate::train) fn single(&mut self) -> Option<f32> {
        self.take().map(|bytes| f32::from_bits(u32::from_le_bytes(bytes)))
    }

    pub(in crate::train) fn text(&mut self) -> Option<&'a str> {
        let (text, rest) = self.count().and_then(|len| self.bytes.split_at_checked(len))?;
        self.bytes = rest;
        str::from_utf8(text).ok()
    }

    /// Fills a slice; `None` where another number of numbers was written.
    pub(in crate::train) fn singles(&mut self, to: &mut [f32]) -> Option<()> {
        if self.count()? != to.len() {
            return None;
        }
        to.iter_mut().try_for_each(|to| {
            *to = self.single()?;
            Some(())
        })
    }

    /// True where everything has been read.
    pub(in crate::train) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut writer = StateWriter::default();
        writer.byte(7);
        writer.count(3);
        writer.text("é");
        writer.double(f64::NAN);
        writer.singles(&[1.0, -0.0, f32::INFINITY]);
        writer.seal()
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let sealed = written();
        let mut reader = StateReader::open(&sealed).expect("whole");
        assert_eq!((reader.byte(), reader.count()), (Some(7), Some(3)));
        assert_eq!(reader.text(), Some("é"));
        assert_eq!(reader.double().map(f64::to_bits), Some(f64::NAN.to_bits()));
        let mut numbers = [0.0; 3];
        assert!(!reader.is_at_end());
        reader.singles(&mut numbers).expect("as many");
        assert_eq!(numbers.map(f32::to_bits), [1.0, -0.0, f32::INFINITY].map(f32::to_bits));
        assert!(reader.is_at_end());
        assert_eq!(reader.byte(), None);
    }

    #[test]
    fn another_number_of_numbers_is_refused() {
        let mut writer = StateWriter::default();
        writer.singles(&[1.0, 2.0]);
        let sealed = writer.seal();
        for len in [0, 1, 3] {
            assert_eq!(StateReader::open(&sealed).expect("whole").singles(&mut vec![0.0; len]), None);
        }
    }

    #[test]
    fn every_flipped_bit_and_every_missing_byte_is_seen() {
        let sealed = written();
        for at in 0..sealed.len() {
            assert!(StateReader::open(&sealed[..at]).is_none(), "cut at {at}");
            for bit in 0..8 {
                let mut flipped = sealed.clone();
                flipped[at] ^= 1 << bit;
                assert!(StateReader::open(&flipped).is_none(), "bit {bit} of byte {at}");
            }
        }
    }
}
