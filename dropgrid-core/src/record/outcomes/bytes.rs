//! Counts and numbers as few bytes.

/// Writes bytes.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// A count, seven bits a byte, the lowest first ([LEB128](https://en.wikipedia.org/wiki/LEB128)).
    pub(super) fn count(&mut self, mut count: u64) {
        while count >= 0x80 {
            self.byte(count as u8 | 0x80);
            count >>= 7;
        }
        self.byte(count as u8);
    }

    /// A number in single precision.
    pub(super) fn single(&mut self, number: f64) {
        self.bytes.extend_from_slice(&(number as f32).to_bits().to_le_bytes());
    }

    /// Counts of which most are 0 or small: how many are not 0, and of each the zeros before it and the count. Each of
    /// these numbers has three bits a half of a byte, the lowest first, and a bit that says whether more follow.
    pub(super) fn sparse(&mut self, counts: &[u64]) {
        let mut halves: Vec<u8> = Vec::new();
        let mut put = |mut number: u64| {
            while number >= 8 {
                halves.push(number as u8 & 7 | 8);
                number >>= 3;
            }
            halves.push(number as u8);
        };
        put(counts.iter().filter(|&&count| count > 0).count() as u64);
        let mut zeros = 0;
        for &count in counts {
            if count == 0 {
                zeros += 1;
            } else {
                put(std::mem::take(&mut zeros));
                put(count);
            }
        }
        self.bytes.extend(halves.chunks(2).map(|pair| pair[0] | pair.get(1).map_or(0, |half| half << 4)));
    }
}

/// Reads bytes; `None` where they end too early, or say what no writer says.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    pub(super) fn count(&mut self) -> Option<u64> {
        let mut count = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            count |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
            if byte < 0x80 {
                return Some(count);
            }
        }
        None
    }

    pub(super) fn single(&mut self) -> Option<f64> {
        let (first, rest) = self.bytes.split_first_chunk::<4>()?;
        self.bytes = rest;
        Some(f64::from(f32::from_bits(u32::from_le_bytes(*first))))
    }

    /// So many counts.
    pub(super) fn sparse(&mut self, length: usize) -> Option<Vec<u64>> {
        let mut counts = vec![0; length];
        let mut upper = None;
        let mut at = 0_usize;
        for _ in 0..self.halves(&mut upper)? {
            at = at.checked_add(usize::try_from(self.halves(&mut upper)?).ok()?)?;
            *counts.get_mut(at)? = self.halves(&mut upper)?;
            at += 1;
        }
        // What fills the last byte is 0.
        (upper.unwrap_or(0) == 0).then_some(counts)
    }

    /// A number in halves of bytes; `upper` is the half that is left of the last byte.
    fn halves(&mut self, upper: &mut Option<u8>) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(3) {
            let half = match upper.take() {
                Some(half) => half,
                None => {
                    let byte = self.byte()?;
                    *upper = Some(byte >> 4);
                    byte & 15
                }
            };
            let bits = u64::from(half & 7);
            number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
            if half < 8 {
                return Some(number);
            }
        }
        None
    }
}
