//! The state of a training as bytes: a mark, a checksum, and numbers in little-endian order.

/// The mark at the start of a state. Its last byte is the version.
const MARK: &[u8; 8] = b"dg-fit\0\x01";
const HEAD: usize = 16;

/// Writes and reads the fields of a state with the same calls, so that both use the same order. When writing, a method
/// writes its field. When reading, it overwrites the field with the stored value.
///
/// A method returns `None` if the bytes to read contain something else. Writing always succeeds.
#[derive(Debug)]
pub(crate) enum StateCodec<'a> {
    Write(Vec<u8>),
    /// The bytes that have not been read yet.
    Read(&'a [u8]),
}

impl<'a> StateCodec<'a> {
    pub(in crate::train) fn writer() -> Self {
        Self::Write(vec![0; HEAD])
    }

    /// Makes a reader of the bytes that [`seal`](Self::seal) returned; `None` if their mark or checksum is wrong.
    pub(in crate::train) fn reader(sealed: &'a [u8]) -> Option<Self> {
        let (head, bytes) = sealed.split_at_checked(HEAD)?;
        let (mark, written) = head.split_at(MARK.len());
        (mark == MARK && written == sum(bytes).to_le_bytes()).then_some(Self::Read(bytes))
    }

    /// Returns the written bytes with the mark and a checksum that reveals damage. A reader returns no bytes.
    pub(in crate::train) fn seal(self) -> Vec<u8> {
        let Self::Write(mut bytes) = self else { return Vec::new() };
        let (head, written) = bytes.split_at_mut(HEAD);
        head[..MARK.len()].copy_from_slice(MARK);
        head[MARK.len()..].copy_from_slice(&sum(written).to_le_bytes());
        bytes
    }

    pub(in crate::train) fn is_reader(&self) -> bool {
        matches!(self, Self::Read(_))
    }

    /// Returns true if everything that was written has been read.
    pub(in crate::train) fn is_at_end(&self) -> bool {
        matches!(self, Self::Read([]))
    }

    /// Writes the bytes and returns them, or reads and returns the stored bytes.
    fn bytes<const N: usize>(&mut self, own: [u8; N]) -> Option<[u8; N]> {
        match self {
            Self::Write(bytes) => {
                bytes.extend_from_slice(&own);
                Some(own)
            }
            Self::Read(bytes) => {
                let (read, rest) = bytes.split_first_chunk::<N>()?;
                *bytes = rest;
                Some(*read)
            }
        }
    }

    pub(in crate::train) fn flag(&mut self, flag: &mut bool) -> Option<()> {
        *flag = self.bytes([u8::from(*flag)])? == [1];
        Some(())
    }

    pub(in crate::train) fn count(&mut self, count: &mut usize) -> Option<()> {
        *count = u64::from_le_bytes(self.bytes((*count as u64).to_le_bytes())?).try_into().ok()?;
        Some(())
    }

    /// Codes a number of steps.
    pub(in crate::train) fn steps(&mut self, steps: &mut i32) -> Option<()> {
        let mut count = steps.unsigned_abs() as usize;
        self.count(&mut count)?;
        *steps = count.try_into().ok()?;
        Some(())
    }

    pub(in crate::train) fn double(&mut self, number: &mut f64) -> Option<()> {
        *number = f64::from_bits(u64::from_le_bytes(self.bytes(number.to_bits().to_le_bytes())?));
        Some(())
    }

    /// Codes an optional number.
    pub(in crate::train) fn optional(&mut self, number: &mut Option<f64>) -> Option<()> {
        let (mut is_some, mut value) = (number.is_some(), number.unwrap_or_default());
        self.flag(&mut is_some)?;
        self.double(&mut value)?;
        *number = is_some.then_some(value);
        Some(())
    }

    /// Codes a list of any length.
    pub(in crate::train) fn doubles(&mut self, numbers: &mut Vec<f64>) -> Option<()> {
        let mut count = numbers.len();
        self.count(&mut count)?;
        for at in 0..count {
            if at == numbers.len() {
                numbers.push(0.0);
            }
            self.double(&mut numbers[at])?;
        }
        Some(())
    }

    pub(in crate::train) fn single(&mut self, number: &mut f32) -> Option<()> {
        *number = f32::from_bits(u32::from_le_bytes(self.bytes(number.to_bits().to_le_bytes())?));
        Some(())
    }

    /// Codes a list of fixed length; `None` if a list of another length was stored.
    pub(in crate::train) fn singles(&mut self, numbers: &mut [f32]) -> Option<()> {
        self.constant(numbers.len())?;
        if let Self::Write(bytes) = self {
            bytes.reserve(size_of_val(numbers));
        }
        numbers.iter_mut().try_for_each(|number| self.single(number))
    }

    /// Codes a number that the reader knows; `None` if another number was stored.
    pub(in crate::train) fn constant(&mut self, number: usize) -> Option<()> {
        let mut written = number;
        self.count(&mut written)?;
        (written == number).then_some(())
    }

    /// Codes a text that the reader knows; `None` if another text was stored.
    pub(in crate::train) fn text(&mut self, text: &str) -> Option<()> {
        self.constant(text.len())?;
        match self {
            Self::Write(bytes) => bytes.extend_from_slice(text.as_bytes()),
            Self::Read(bytes) => *bytes = bytes.strip_prefix(text.as_bytes())?,
        }
        Some(())
    }
}

/// Returns true if a state is intact and belongs to this training, fold and number of epochs.
pub(crate) fn is_intact(state: &[u8], training: &str, fold: u32, epochs: u32) -> bool {
    StateCodec::reader(state).is_some_and(|mut codec| {
        codec.text(training).is_some()
            && codec.constant(fold as usize).is_some()
            && codec.constant(epochs as usize).is_some()
    })
}

/// Returns a Fowler-Noll-Vo checksum ([FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/)) over words in place of
/// bytes, with a rotation that mixes high bits into low ones.
fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    let start = 0xcbf2_9ce4_8422_2325 ^ bytes.len() as u64;
    words.fold(start, |sum, word| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes the fields of the test.
    fn code(codec: &mut StateCodec<'_>, fields: &mut (bool, usize, [Option<f64>; 2], [f32; 3])) -> Option<()> {
        let (flag, count, [some, none], singles) = fields;
        codec.flag(flag)?;
        codec.count(count)?;
        codec.text("é")?;
        codec.optional(some)?;
        codec.optional(none)?;
        codec.singles(singles)
    }

    fn written() -> Vec<u8> {
        let mut writer = StateCodec::writer();
        code(&mut writer, &mut (true, 3, [Some(f64::NAN), None], [1.0, -0.0, f32::INFINITY])).expect("written");
        writer.seal()
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let sealed = written();
        let mut reader = StateCodec::reader(&sealed).expect("whole");
        let mut read = (false, 0, [None, Some(1.0)], [0.0; 3]);
        assert!(reader.is_reader() && !reader.is_at_end());
        code(&mut reader, &mut read).expect("as written");
        assert_eq!((read.0, read.1), (true, 3));
        assert_eq!(read.2.map(|number| number.map(f64::to_bits)), [Some(f64::NAN.to_bits()), None]);
        assert_eq!(read.3.map(f32::to_bits), [1.0, -0.0, f32::INFINITY].map(f32::to_bits));
        assert!(reader.is_at_end());
        assert_eq!(reader.flag(&mut false), None);
    }

    #[test]
    fn another_number_of_numbers_or_another_text_is_refused() {
        let mut writer = StateCodec::writer();
        writer.singles(&mut [1.0, 2.0]).expect("written");
        writer.text("ab").expect("written");
        let sealed = writer.seal();
        for len in [0, 1, 3] {
            let mut reader = StateCodec::reader(&sealed).expect("whole");
            assert_eq!(reader.singles(&mut vec![0.0; len]), None);
        }
        for (text, is_read) in [("ab", true), ("a", false), ("ac", false), ("abc", false)] {
            let mut reader = StateCodec::reader(&sealed).expect("whole");
            reader.singles(&mut [0.0; 2]).expect("as many");
            assert_eq!(reader.text(text).is_some(), is_read, "{text}");
        }
    }

    #[test]
    fn every_flipped_bit_and_every_missing_byte_is_seen() {
        let sealed = written();
        for at in 0..sealed.len() {
            assert!(StateCodec::reader(&sealed[..at]).is_none(), "cut at {at}");
            for bit in 0..8 {
                let mut flipped = sealed.clone();
                flipped[at] ^= 1 << bit;
                assert!(StateCodec::reader(&flipped).is_none(), "bit {bit} of byte {at}");
            }
        }
    }
}
