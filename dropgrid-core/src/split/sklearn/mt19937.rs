//! The Mersenne Twister, driven as NumPy's legacy `RandomState` drives it.

use crate::seed::shuffle_by;

const N: usize = 624;
const M: usize = 397;

/// MT19937 ([Matsumoto and Nishimura 1998](https://doi.org/10.1145/272991.272995)) with the draws of
/// [`numpy.random.RandomState`](https://numpy.org/doc/stable/reference/random/legacy.html), whose sequences NumPy has
/// frozen.
#[derive(Debug, Clone)]
pub(crate) struct Mt19937 {
    state: Box<[u32; N]>,
    /// The outputs of the state, computed all at once so that the compiler uses vector instructions.
    outputs: Box<[u32; N]>,
    next: usize,
}

impl Mt19937 {
    /// The state of `RandomState(seed)` for an integer: Knuth's multiplicative filling, not `init_by_array`.
    pub(super) fn new(seed: u32) -> Self {
        let mut state = Box::new([seed; N]);
        for at in 1..N {
            let last = state[at - 1];
            state[at] = 1_812_433_253_u32.wrapping_mul(last ^ (last >> 30)).wrapping_add(at as u32);
        }
        Self { state, outputs: Box::new([0; N]), next: N }
    }

    fn next_u32(&mut self) -> u32 {
        if self.next == N {
            self.refill();
        }
        let draw = self.outputs[self.next];
        self.next += 1;
        draw
    }

    #[inline(never)]
    fn refill(&mut self) {
        let state = &mut *self.state;
        for at in 0..N - M {
            state[at] = state[at + M] ^ twist(state[at], state[at + 1]);
        }
        for at in N - M..N - 1 {
            state[at] = state[at + M - N] ^ twist(state[at], state[at + 1]);
        }
        state[N - 1] = state[M - 1] ^ twist(state[N - 1], state[0]);
        for (output, &word) in self.outputs.iter_mut().zip(&*state) {
            *output = temper(word);
        }
        self.next = 0;
    }

    /// `RandomState.shuffle`: Fisher-Yates from the end, by masked rejection of one word a try while the position fits
    /// in one, else of two words with the high one first.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        shuffle_by(items, |max| self.word(max));
    }

    fn word(&mut self, max: usize) -> u64 {
        let word = u64::from(self.next_u32());
        if u32::try_from(max).is_ok() { word } else { (word << 32) | u64::from(self.next_u32()) }
    }
}

fn twist(high: u32, low: u32) -> u32 {
    let mixed = (high & 0x8000_0000) | (low & 0x7fff_ffff);
    (mixed >> 1) ^ (0x9908_b0df & 0_u32.wrapping_sub(mixed & 1))
}

fn temper(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c_5680;
    word ^= (word << 15) & 0xefc6_0000;
    word ^ (word >> 18)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The first and the 10 000th output for the reference seed 5489, as in the C++ standard's test of `mt19937`.
    #[test]
    fn the_reference_sequence() {
        let mut twister = Mt19937::new(5489);
        assert_eq!(twister.next_u32(), 3_499_211_612);
        let mut last = 0;
        for _ in 2..=10_000 {
            last = twister.next_u32();
        }
        assert_eq!(last, 4_123_659_995);
    }

    #[test]
    fn numpys_permutation() {
        let mut order: Vec<usize> = (0..10).collect();
        Mt19937::new(0).shuffle(&mut order);
        assert_eq!(order, [2, 8, 4, 9, 1, 6, 7, 3, 0, 5]);
    }

    #[test]
    fn positions_beyond_32_bits_take_two_words() {
        let (mut twister, mut words) = (Mt19937::new(7), Mt19937::new(7));
        let (high, low) = (words.next_u32(), words.next_u32());
        assert_eq!(twister.word(1 << 32), (u64::from(high) << 32) | u64::from(low));
        assert_eq!(twister.word((1 << 32) - 1), u64::from(words.next_u32()));
    }
}
