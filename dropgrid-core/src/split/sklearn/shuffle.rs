//! Shuffles: the source of a splitter's random numbers.

use rand_chacha::ChaCha8Rng;
#[cfg(feature = "threads")]
use rayon::prelude::*;

use super::mt19937::Mt19937;
use crate::{
    seed::{self, Purpose, Seed},
    split::folds::Split,
};

/// Shuffles as scikit-learn does with an integer `random_state`, so that a splitter gives its very indices.
///
/// A splitter takes it by `shuffle_with`; the study's seed then has no part in the split. The generator is NumPy's
/// legacy [`RandomState`](https://numpy.org/doc/stable/reference/random/legacy.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{KFold, Rows, SklearnShuffle, Splitter}};
/// // KFold(5, shuffle=True, random_state=0).split(range(10))
/// let folds = KFold::new(5).shuffle_with(SklearnShuffle::seed(0)).split(Rows::new(10), Seed(1))?;
/// let tests: Vec<_> = folds.splits.iter().map(|split| split.test.as_slice()).collect();
/// assert_eq!(tests, [[2, 8], [4, 9], [1, 6], [3, 7], [0, 5]]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SklearnShuffle {
    random_state: u32,
}

impl SklearnShuffle {
    /// The shuffle of `random_state=random_state`, which scikit-learn too limits to 32 bits.
    pub fn seed(random_state: u32) -> Self {
        Self { random_state }
    }
}

/// The source of a splitter's draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Source {
    /// The study's seed.
    #[default]
    Study,
    /// scikit-learn's generator with a seed of its own.
    Sklearn(SklearnShuffle),
}

impl Source {
    /// `n_splits` independent random splits of `rows` rows.
    ///
    /// From the study's seed each split has a key of its own, so that they are drawn side by side; scikit-learn draws
    /// all of them from one stream.
    pub(crate) fn splits(
        self,
        seed: Seed,
        n_splits: usize,
        rows: usize,
        draw: impl Fn(&mut Stream) -> Split + Send + Sync,
    ) -> Vec<Split> {
        match self {
            Self::Study => on_all_cores(n_splits, rows, |split| {
                let key = seed.key(Purpose::Split).fold(split as u32);
                draw(&mut Stream::Study(Box::new(key.rng())))
            }),
            Self::Sklearn(_) => {
                let mut stream = self.stream(seed, Purpose::Split);
                (0..n_splits).map(|_| draw(&mut stream)).collect()
            }
        }
    }

    /// The draws at their start: one stream for the shuffle of all classes or of all repeats, as in scikit-learn.
    pub(crate) fn stream(self, seed: Seed, purpose: Purpose) -> Stream {
        match self {
            Self::Study => Stream::Study(Box::new(seed.key(purpose).rng())),
            Self::Sklearn(SklearnShuffle { random_state }) => Stream::Sklearn(Mt19937::new(random_state)),
        }
    }
}

/// A running sequence of draws.
#[derive(Debug)]
pub(crate) enum Stream {
    Study(Box<ChaCha8Rng>),
    Sklearn(Mt19937),
}

impl Stream {
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        match self {
            Self::Study(rng) => seed::shuffle(rng, items),
            Self::Sklearn(rng) => rng.shuffle(items),
        }
    }

    /// The numbers below `len` in random order.
    pub(crate) fn permutation(&mut self, len: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..len as u32).collect();
        self.shuffle(&mut order);
        order
    }
}

/// `split` of each number below `splits`: in parallel where there is enough to draw, with the same result.
fn on_all_cores(splits: usize, rows: usize, split: impl Fn(usize) -> Split + Send + Sync) -> Vec<Split> {
    #[cfg(feature = "threads")]
    if splits.saturating_mul(rows) >= PARALLEL {
        return (0..splits).into_par_iter().map(split).collect();
    }
    let _ = rows;
    (0..splits).map(split).collect()
}

/// The number of indices from which on starting threads is worth it.
#[cfg(feature = "threads")]
const PARALLEL: usize = 1 << 17;

/// Writes the methods that shuffle a splitter.
///
/// A splitter with a field `shuffle: Option<Source>` is shuffled on demand; the sentence says what is drawn. A splitter
/// with a field `source: Source` is always shuffled.
macro_rules! shuffle_methods {
    ($splitter:ident, $draws:literal) => {
        impl $splitter {
            #[doc = concat!($draws, " at random, from the study's seed.")]
            pub fn shuffle(self) -> Self {
                Self { shuffle: Some($crate::split::sklearn::Source::Study), ..self }
            }

            #[doc = concat!($draws, " as scikit-learn's shuffle does.")]
            pub fn shuffle_with(self, shuffle: $crate::split::SklearnShuffle) -> Self {
                Self { shuffle: Some($crate::split::sklearn::Source::Sklearn(shuffle)), ..self }
            }
        }
    };
    ($splitter:ident) => {
        impl $splitter {
            /// Shuffles as scikit-learn does, in place of the study's seed.
            pub fn shuffle_with(self, shuffle: $crate::split::SklearnShuffle) -> Self {
                Self { source: $crate::split::sklearn::Source::Sklearn(shuffle), ..self }
            }
        }
    };
}

pub(crate) use shuffle_methods;
