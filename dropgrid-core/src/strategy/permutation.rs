//! A random order of many numbers, of which each is computed by itself.

use rand::Rng;

use crate::seed::{Key, below};

/// Rounds after which no order is likelier than another, as far as a search can tell.
const ROUNDS: usize = 128;

/// A random permutation of the numbers below a length, by the swap-or-not shuffle
/// ([Hoang, Morris and Rogaway 2012](https://eprint.iacr.org/2014/560)).
///
/// In each round, number `x` has the partner `k - x` modulo the length, and one random bit of both decides whether they
/// change places. A round undoes itself, so the inverse has the rounds backwards.
#[derive(Debug)]
pub(super) struct Permutation {
    len: u64,
    /// For each round: `k`, and the key of its bits.
    rounds: Vec<(u64, u64)>,
}

impl Permutation {
    /// The permutation of a key.
    pub(super) fn new(len: u64, key: Key) -> Self {
        let mut rng = key.rng();
        let rounds = (0..ROUNDS).map(|_| (below(&mut rng, len.max(1)), rng.next_u64())).collect();
        Self { len, rounds }
    }

    /// The number of numbers.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The number at a place.
    pub(super) fn at(&self, place: u64) -> u64 {
        self.rounds.iter().fold(place, |x, round| self.round(x, *round))
    }

    /// The place of a number.
    pub(super) fn place_of(&self, number: u64) -> u64 {
        self.rounds.iter().rev().fold(number, |x, round| self.round(x, *round))
    }

    fn round(&self, x: u64, (k, key): (u64, u64)) -> u64 {
        let partner = if k >= x { k - x } else { self.len - (x - k) };
        if mix(x.max(partner) ^ key) & 1 == 0 { x } else { partner }
    }
}

/// A 64-bit hash, the finalizer of `SplitMix64` ([Steele, Lea and Flood
/// 2014](https://doi.org/10.1145/2660193.2660195)).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, Seed};

    fn of(len: u64, seed: u64) -> Permutation {
        Permutation::new(len, Seed(seed).key(Purpose::Proposal))
    }

    #[test]
    fn every_number_has_one_place() {
        for len in [1, 2, 3, 6, 7, 64, 1000] {
            let order = of(len, 3);
            let mut numbers: Vec<u64> = (0..len).map(|place| order.at(place)).collect();
            assert!((0..len).all(|place| order.place_of(order.at(place)) == place));
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..len), "{len}");
        }
        let large = of(u64::MAX, 0);
        assert!((0..1000).all(|place| large.place_of(large.at(place)) == place));
    }

    /// Chi-squared tests at the level 10^-6, of the first number and of the pair of the first two.
    #[test]
    fn every_order_is_as_likely() {
        let (mut first, mut pairs) = ([0_u32; 6], [[0_u32; 6]; 6]);
        for seed in 0..30_000 {
            let order = of(6, seed);
            first[order.at(0) as usize] += 1;
            pairs[order.at(0) as usize][order.at(1) as usize] += 1;
        }
        let distance = |counts: &mut dyn Iterator<Item = u32>, expected: f64| {
            counts.map(|count| (f64::from(count) - expected).powi(2) / expected).sum::<f64>()
        };
        let singles = distance(&mut first.into_iter(), 5000.0);
        let pairs = distance(&mut pairs.into_iter().flatten().filter(|&count| count > 0), 1000.0);
        assert!(singles < 35.9 && pairs < 88.0, "{singles} of 5 degrees of freedom, {pairs} of 29");
    }
}
