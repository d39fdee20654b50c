//! A vector of numbers that begins on a cache line.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

/// The error of memory that cannot be allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory {
    /// The numbers that it was for.
    pub numbers: usize,
}

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no memory for {} numbers", self.numbers)
    }
}

impl std::error::Error for OutOfMemory {}

/// A vector whose first number begins a cache line.
///
/// A register of AVX-512 is as long as a cache line. In a vector that begins elsewhere, each load of a register touches
/// two lines and costs two accesses.
#[derive(Debug, Default)]
pub struct AlignedVec {
    buffer: Vec<f32>,
    start: usize,
}

/// The numbers in a cache line of 64 bytes.
const LINE: usize = 16;

impl AlignedVec {
    /// A vector of `len` copies of `value`.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn filled(value: f32, len: usize) -> Result<Self, OutOfMemory> {
        if len == 0 {
            return Ok(Self::default());
        }
        let mut buffer: Vec<f32> = Vec::new();
        buffer.try_reserve_exact(len.saturating_add(LINE)).map_err(|_| OutOfMemory { numbers: len })?;
        // The buffer never grows again, so its memory never moves.
        let start = buffer.as_ptr().align_offset(size_of::<f32>() * LINE).min(LINE);
        buffer.resize(start + len, value);
        Ok(Self { buffer, start })
    }

    /// A copy of `numbers`.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn of(numbers: &[f32]) -> Result<Self, OutOfMemory> {
        let mut vec = Self::filled(0.0, numbers.len())?;
        vec.copy_from_slice(numbers);
        Ok(vec)
    }
}

impl Deref for AlignedVec {
    type Target = [f32];

    #[inline]
    fn deref(&self) -> &[f32] {
        &self.buffer[self.start..]
    }
}

impl DerefMut for AlignedVec {
    #[inline]
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.buffer[self.start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_on_a_line() {
        for len in [1, 15, 16, 1000] {
            let both =
                [AlignedVec::filled(2.0, len).expect("memory"), AlignedVec::of(&vec![2.0; len]).expect("memory")];
            for vec in both {
                assert_eq!(*vec, *vec![2.0; len]);
                assert_eq!(vec.as_ptr().addr() % 64, 0);
            }
        }
        assert!(AlignedVec::of(&[]).expect("nothing").is_empty());
        let numbers = usize::MAX / 8;
        assert_eq!(AlignedVec::filled(0.0, numbers).err(), Some(OutOfMemory { numbers }));
    }
}
