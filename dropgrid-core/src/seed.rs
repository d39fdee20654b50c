//! Every random draw has a generator of its own, keyed by what the draw is for.
//!
//! Nothing shares a stream, so nothing depends on the order of execution: a fit gives the same bits on any number of
//! workers, alone or among others, today or after a restart. The generator is ChaCha8, whose output is fixed by its
//! key ([Bernstein 2008](https://cr.yp.to/chacha/chacha-20080128.pdf)) and does not change with crate versions.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The purpose of a random draw. The number is part of the key: it never changes meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A layer's initial weights.
    Weights = 1,
    /// The order of the rows in an epoch.
    BatchOrder = 2,
    /// The noise of one training pass: dropout masks.
    Noise = 3,
    /// The assignment of rows to folds.
    Split = 4,
    /// The candidates that a random strategy proposes.
    Proposal = 5,
    /// The rows that are set aside as a test part before a search.
    Holdout = 6,
    /// The seed of a search inside an outer fold.
    Nested = 7,
    /// The order of shuffled targets in a permutation test.
    Permutation = 8,
    /// The order in which a learning curve takes the rows of a training part.
    LearningCurve = 9,
    /// The rows of a training part that are set aside for validation.
    Validation = 10,
    /// The masks of Monte-Carlo dropout.
    MonteCarlo = 11,
    /// The seed of another attempt at a fit that failed by its draws.
    Retry = 12,
    /// The choice of the rows of a training part on which a job with a share of them trains.
    RowShare = 13,
    /// The rows of a bootstrap of out-of-fold predictions.
    Bootstrap = 14,
    /// The seed of fresh repeats, on which the best candidates of a search meet again.
    FreshRepeats = 15,
    /// The candidates on which a tree of a forest is grown.
    Tree = 16,
}

/// The fold number under which the refit on all rows draws.
pub const REFIT: u32 = u32::MAX;

/// A seed: of a search, or drawn from one for a search within an outer fold or for an attempt at a fit with other
/// draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Seed(pub u64);

impl Seed {
    /// The key of all draws for `purpose`.
    pub fn key(self, purpose: Purpose) -> Key {
        Key { seed: self.0, purpose: purpose as u32, fold: 0, candidate: 0, step: 0, batch: 0 }
    }
}

/// A draw's full name: seed, purpose, candidate, fold, step (an epoch, or a layer's position) and batch.
///
/// The six numbers fill ChaCha's 256-bit key exactly, so two different keys never collide.
///
/// # Examples
/// ```
/// # use dropgrid_core::seed::{Purpose, Seed};
/// let key = Seed(42).key(Purpose::Noise).fold(1);
/// assert_eq!(key.epoch(3).batch(0).value(), key.epoch(3).batch(0).value());
/// assert_ne!(key.epoch(3).batch(0).value(), key.epoch(0).batch(3).value());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    seed: u64,
    purpose: u32,
    fold: u32,
    candidate: u64,
    step: u32,
    batch: u32,
}

impl Key {
    /// The key within one fold; [`REFIT`] for the training on all rows.
    pub fn fold(self, fold: u32) -> Self {
        Self { fold, ..self }
    }

    /// The key within one candidate. With common random numbers, candidates of a fold do not use it.
    pub fn candidate(self, candidate: u64) -> Self {
        Self { candidate, ..self }
    }

    /// The key within one epoch, counted from 0.
    pub fn epoch(self, epoch: u32) -> Self {
        Self { step: epoch, ..self }
    }

    /// The key of one layer, by its position in the network.
    pub fn layer(self, position: u32) -> Self {
        Self { step: position, ..self }
    }

    /// The key of repetition `at` of `count` that a layer's position has, or of each repetition in which that stands.
    pub(crate) fn repetition(self, at: usize, count: usize) -> Self {
        Self { candidate: self.candidate * count as u64 + at as u64, ..self }
    }

    /// The key within one batch, counted from 0.
    pub fn batch(self, batch: u32) -> Self {
        Self { batch, ..self }
    }

    /// The generator of this key, at its start.
    pub fn rng(self) -> ChaCha8Rng {
        let mut bytes = [0; 32];
        for (bytes, word) in bytes.chunks_exact_mut(4).zip(self.words()) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        ChaCha8Rng::from_seed(bytes)
    }

    /// The eight words of the generator's key.
    pub(crate) fn words(self) -> [u32; 8] {
        let halves = |wide: u64| [wide as u32, (wide >> 32) as u32];
        let ([seed0, seed1], [candidate0, candidate1]) = (halves(self.seed), halves(self.candidate));
        [seed0, seed1, self.purpose, self.fold, candidate0, candidate1, self.step, self.batch]
    }

    /// The first 64 bits of this key's generator: a seed for a generator of someone else's.
    pub fn value(self) -> u64 {
        self.rng().next_u64()
    }

    /// Shuffles `items` with this key's generator (Fisher-Yates, from the end, unbiased by rejection).
    ///
    /// Written out here because library shuffles may change their sequence between releases.
    pub fn shuffle<T>(self, items: &mut [T]) {
        shuffle(&mut self.rng(), items);
    }
}

/// Fisher-Yates over a running generator, for draws that follow one another under one key.
pub fn shuffle<T>(rng: &mut impl Rng, items: &mut [T]) {
    shuffle_by(items, |_| rng.next_u64());
}

/// Fisher-Yates from the end, by masked rejection of random words. `word` is given the largest number that is drawn
/// for and gives enough random bits for it.
///
/// Each item is swapped with the first word, masked to the bits of its position, that is not above its position. The
/// words for a block of items are sought first and without a branch on them, since no processor foresees a rejection.
pub(crate) fn shuffle_by<T>(items: &mut [T], mut word: impl FnMut(usize) -> u64) {
    let mut targets = [0; 256];
    let mut last = items.len().saturating_sub(1);
    while last > 0 {
        // The mask is the same down to the next power of two.
        let mask = usize::MAX >> last.leading_zeros();
        let block = (last - mask / 2).min(targets.len());
        let mut found = 0;
        while found < block {
            let target = word(last) as usize & mask;
            targets[found] = target;
            found += usize::from(target <= last - found);
        }
        for &target in &targets[..block] {
            items.swap(last, target);
            last -= 1;
        }
    }
}

/// A uniform number below `bound`, by masked rejection.
pub fn below(rng: &mut impl Rng, bound: u64) -> u64 {
    let mask = u64::MAX >> (bound.max(2) - 1).leading_zeros();
    loop {
        let draw = rng.next_u64() & mask;
        if draw < bound {
            return draw;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_key_matters() {
        let base = Seed(1).key(Purpose::Noise);
        let keys = [
            base,
            Seed(2).key(Purpose::Noise),
            Seed(1).key(Purpose::Weights),
            base.fold(1),
            base.candidate(1),
            base.epoch(1),
            base.batch(1),
        ];
        let values: std::collections::BTreeSet<u64> = keys.iter().map(|key| key.value()).collect();
        assert_eq!(values.len(), keys.len());
    }

    // Frozen: a change here changes every result that anyone ever computed with a seed.
    #[test]
    fn draws_are_frozen() {
        let mut items: Vec<u32> = (0..10).collect();
        Seed(42).key(Purpose::Split).shuffle(&mut items);
        assert_eq!(items, FROZEN_SHUFFLE);
        assert_eq!(Seed(42).key(Purpose::Weights).value(), FROZEN_VALUE);
    }
    const FROZEN_SHUFFLE: [u32; 10] = [3, 2, 9, 8, 4, 5, 1, 0, 6, 7];
    const FROZEN_VALUE: u64 = 9_672_674_645_702_868_097;

    #[test]
    fn a_shuffle_by_blocks_is_a_shuffle_item_by_item() {
        for len in [0, 1, 2, 3, 4, 5, 255, 256, 257, 258, 513, 1024, 5000] {
            let (mut blocks, mut rng) = ((0..len).collect::<Vec<u32>>(), Seed(9).key(Purpose::Split).rng());
            shuffle(&mut rng, &mut blocks);
            let (mut single, mut other) = ((0..len).collect::<Vec<u32>>(), Seed(9).key(Purpose::Split).rng());
            for last in (1..single.len()).rev() {
                single.swap(last, below(&mut other, last as u64 + 1) as usize);
            }
            assert_eq!(blocks, single);
            assert_eq!(rng.next_u64(), other.next_u64(), "{len}: as many words");
        }
    }

    #[test]
    fn below_is_uniform_enough() {
        let mut rng = Seed(0).key(Purpose::Proposal).rng();
        let mut counts = [0_u32; 5];
        for _ in 0..50_000 {
            counts[below(&mut rng, 5) as usize] += 1;
        }
        // Each count is binomial(50 000, 0.2): mean 10 000, standard deviation 89; five of them is 447.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 447), "{counts:?}");
        assert_eq!(below(&mut rng, 1), 0);
    }
}
