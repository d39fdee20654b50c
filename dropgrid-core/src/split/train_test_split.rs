//! One random split of a data set: a part to search on and a part to keep for the end.

use super::{
    Rows, SklearnShuffle, Split, shuffle_split,
    size::{Sizes, size_methods},
    sklearn::Source,
    stratified_shuffle_split::Strata,
};
use crate::{
    data::{Dataset, Target},
    error::{Error, Result, SplitError},
    seed::{Purpose, Seed},
};

/// Divides data into a training and a test part, a quarter of it the test part unless said otherwise.
///
/// The split is that of [`ShuffleSplit`](super::ShuffleSplit), stratified that of
/// [`StratifiedShuffleSplit`](super::StratifiedShuffleSplit), unshuffled the first rows and the next ones. Under
/// [`shuffle_with`](Self::shuffle_with) it is scikit-learn's
/// [`train_test_split`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html).
/// Its draws are apart from those of the folds, so the same seed serves both.
///
/// # Examples
/// ```
/// # use dropgrid_core::{data::{Classes, Dataset}, split::{SklearnShuffle, TrainTestSplit}};
/// let rows: Vec<[f32; 1]> = (0..10_u8).map(|row| [f32::from(row)]).collect();
/// let data = Dataset::new(rows, Classes::<2>::new([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])?)?;
///
/// let (train, test) = TrainTestSplit::new().test_size(0.2).stratify().seed(42).split(&data)?;
/// assert_eq!((train.len(), test.len()), (8, 2));
/// assert_eq!(test.targets().labels().iter().sum::<usize>(), 1);
///
/// // train_test_split(range(10), random_state=0)
/// let (_, test) = TrainTestSplit::new().shuffle_with(SklearnShuffle::seed(0)).split(&data)?;
/// assert_eq!(test.features().values(), [2.0, 8.0, 4.0]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TrainTestSplit {
    sizes: Sizes,
    stratify: bool,
    source: Option<Source>,
    seed: Seed,
}

impl Default for TrainTestSplit {
    fn default() -> Self {
        Self { sizes: Sizes::default(), stratify: false, source: Some(Source::Study), seed: Seed::default() }
    }
}

size_methods!(TrainTestSplit, "rows");

impl TrainTestSplit {
    /// A shuffled split with a quarter of the rows for the test, from seed 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the classes' proportions on both sides.
    pub fn stratify(self) -> Self {
        Self { stratify: true, ..self }
    }

    /// The seed of the shuffle.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Seed(seed), ..self }
    }

    /// Shuffles as scikit-learn does, in place of dropgrid's seed.
    pub fn shuffle_with(self, shuffle: SklearnShuffle) -> Self {
        Self { source: Some(Source::Sklearn(shuffle)), ..self }
    }

    /// Keeps the order of the rows: the test part follows the training part.
    pub fn no_shuffle(self) -> Self {
        Self { source: None, ..self }
    }

    /// The training and the test part of `data`, rows in the order of the split.
    ///
    /// # Errors
    /// Those of [`indices`](Self::indices), and [`SplitError::SharedSteps`] where no window is left to train on.
    pub fn split<T: Target>(&self, data: &Dataset<T>) -> Result<(Dataset<T>, Dataset<T>)> {
        let rows = Rows { len: data.len(), strata: data.targets().strata(), groups: data.groups() };
        let Split { train, test } = self.indices(rows)?.purged(data.spans(), 0)?;
        Ok((data.select(&train.to_vec())?, data.select(&test.to_vec())?))
    }

    /// The rows of both parts.
    ///
    /// # Errors
    /// For sizes that do not fit the data: [`SplitError::SizeOutOfRange`], [`SplitError::FractionsExceedOne`],
    /// [`SplitError::SizesExceedData`], [`SplitError::EmptyPart`]. Stratified: [`SplitError::StratifyUnshuffled`],
    /// [`SplitError::NeedsClasses`], [`SplitError::LoneClasses`], [`SplitError::FewerRowsThanClasses`].
    pub fn indices(&self, rows: Rows<'_>) -> Result<Split> {
        let (train, test) = self.sizes.resolve(rows.len, "rows", 0.25)?;
        rows.check_indices(1)?;
        match (self.source, self.stratify) {
            (None, true) => Err(Error::Split(SplitError::StratifyUnshuffled)),
            (None, false) => Ok(Split::new(0..train, train..train + test)),
            (Some(source), stratify) => {
                let mut stream = source.stream(self.seed, Purpose::Holdout);
                if stratify {
                    Ok(Strata::new(&rows.classes("TrainTestSplit")?, train, test)?.draw(&mut stream))
                } else {
                    Ok(shuffle_split::divided(stream.permutation(rows.len), train, test))
                }
            }
        }
    }
}
