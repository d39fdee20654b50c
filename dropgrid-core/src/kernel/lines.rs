//! Numbers that begin on a line of the cache.

use std::ops::{Deref, DerefMut};

use crate::error::Failure;

/// A slice whose first number begins a line of the cache.
///
/// A vector of AVX-512 is as long as a line, so where a slice begins elsewhere, each of its vectors lies across two lines
/// and costs two accesses.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    room: Vec<f32>,
    start: usize,
}

/// The numbers of a line of 64 bytes.
const LINE: usize = 16;

impl Lines {
    /// `len` times `value`, or a failure where there is not the memory.
    pub(crate) fn filled(value: f32, len: usize) -> Result<Self, Failure> {
        if len == 0 {
            return Ok(Self::default());
        }
        let mut room: Vec<f32> = Vec::new();
        let missing = |_| Failure::Device { message: format!("there is no memory for {len} numbers") };
        room.try_reserve_exact(len.saturating_add(LINE)).map_err(missing)?;
        // The memory stays where it is: the room never grows.
        let start = room.as_ptr().align_offset(size_of::<f32>() * LINE).min(LINE);
        room.resize(start + len, value);
        Ok(Self { room, start })
    }

    /// A copy of `numbers`, or a failure where there is not the memory.
    pub(crate) fn of(numbers: &[f32]) -> Result<Self, Failure> {
        let mut lines = Self::filled(0.0, numbers.len())?;
        lines.copy_from_slice(numbers);
        Ok(lines)
    }
}

impl Deref for Lines {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.room[self.start..]
    }
}

impl DerefMut for Lines {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.room[self.start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_on_a_line() {
        for len in [1, 15, 16, 1000] {
            let lines = [Lines::filled(2.0, len).expect("memory"), Lines::of(&vec![2.0; len]).expect("memory")];
            for lines in lines {
                assert_eq!(*lines, *vec![2.0; len]);
                assert_eq!(lines.as_ptr().addr() % 64, 0);
            }
        }
        assert!(Lines::of(&[]).expect("nothing").is_empty());
        assert!(matches!(Lines::filled(0.0, usize::MAX / 8), Err(Failure::Device { .. })));
    }
}
