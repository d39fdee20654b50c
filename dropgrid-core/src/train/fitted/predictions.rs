//! Predictions of a trained model, by type of target.

use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc};

use crate::{
    data::{Binary, Classes, Dataset, MultiLabel, Regression},
    error::Result,
    metric::{Measured, MetricOf, Scoring, argmax},
    train::{evaluate::measure, loss::TrainTarget},
};

/// Predictions for a set of rows, by type of target.
pub struct Predictions<T> {
    outputs: Vec<f64>,
    names: Option<Arc<[String]>>,
    threshold: f64,
    target: PhantomData<fn() -> T>,
}

/// The default decision threshold.
pub(crate) const HALF: f64 = 0.5;

impl<T> Predictions<T> {
    pub(crate) fn new(outputs: Vec<f64>) -> Self {
        Self { outputs, names: None, threshold: HALF, target: PhantomData }
    }

    /// Sets the names of the classes or flags.
    pub(crate) fn named(self, names: Option<Arc<[String]>>) -> Self {
        Self { names, ..self }
    }

    /// Sets the threshold in [0, 1), above which class 1 or a flag is predicted.
    pub(crate) fn above(self, threshold: f64) -> Self {
        Self { threshold, ..self }
    }

    /// Returns the names of the first `N` classes or flags, or their numbers if there are no names.
    pub(super) fn each_name<const N: usize>(&self) -> [String; N] {
        std::array::from_fn(|class| self.name(class))
    }

    /// Returns the name of a class or flag, or its number if there are no names.
    fn name(&self, class: usize) -> String {
        let name = self.names.as_ref().and_then(|names| names.get(class));
        name.map_or_else(|| class.to_string(), Clone::clone)
    }
}

impl<T: TrainTarget> Predictions<T> {
    /// Scores the predictions against the targets of `data`, which must have the same rows. Returns one score with its
    /// warnings for each metric. Uses the sample weights of the data. If both the model and the data have names of
    /// classes or flags, these are matched by name.
    ///
    /// # Errors
    /// Fails with the errors of the metrics; with
    /// [`DataError::ClassNotLearned`](crate::error::DataError::ClassNotLearned) if a row has a class that the model
    /// does not know; with [`Error::Scoring`](crate::Error::Scoring) if the number of predictions is not the number of
    /// rows.
    pub fn measure(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<Vec<Measured>> {
        self.measure_with(&scoring.metrics(), data)
    }

    pub(crate) fn measure_with(&self, metrics: &[MetricOf<T::Kind>], data: &Dataset<T>) -> Result<Vec<Measured>> {
        let rows: Vec<usize> = (0..data.len()).collect();
        let targets = match &self.names {
            Some(names) => data.targets().in_order_of(names)?,
            None => Cow::Borrowed(data.targets()),
        };
        measure(&self.outputs, self.threshold, metrics, (&*targets, &rows), data.weights())
    }

    /// Scores the predictions with the first metric of `scoring`, see [`measure`](Self::measure).
    ///
    /// # Errors
    /// Fails with the errors of [`measure`](Self::measure).
    pub fn score(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<f64> {
        Ok(self.measure(scoring, data)?[0].value)
    }
}

impl<const N: usize> Predictions<Classes<N>> {
    /// The most probable class of each row. Of equally probable classes it is the first.
    pub fn classes(&self) -> Vec<usize> {
        self.outputs.chunks_exact(N).map(argmax).collect()
    }

    /// The names of the [`classes`](Self::classes). They are numbers if the classes have no names.
    pub fn names(&self) -> Vec<String> {
        self.classes().into_iter().map(|class| self.name(class)).collect()
    }

    /// The probability of each class, one array per row.
    pub fn probabilities(&self) -> Vec<[f64; N]> {
        self.outputs.as_chunks::<N>().0.to_vec()
    }
}

impl Predictions<Binary> {
    /// The class of each row: 1 if its probability is above the model's threshold, by default one half.
    pub fn classes(&self) -> Vec<usize> {
        self.outputs.iter().map(|&positive| usize::from(positive > self.threshold)).collect()
    }

    /// The names of the [`classes`](Self::classes). They are numbers if the classes have no names.
    pub fn names(&self) -> Vec<String> {
        self.classes().into_iter().map(|class| self.name(class)).collect()
    }

    /// The probabilities of class 0 and class 1, one array per row.
    pub fn probabilities(&self) -> Vec<[f64; 2]> {
        self.outputs.iter().map(|&positive| [1.0 - positive, positive]).collect()
    }
}

impl<const N: usize> Predictions<MultiLabel<N>> {
    /// The flags of each row: on if the probability is above the model's threshold, by default one half.
    pub fn flags(&self) -> Vec<[bool; N]> {
        self.probabilities().into_iter().map(|row| row.map(|probability| probability > self.threshold)).collect()
    }

    /// The names of the [flags](Self::flags) of each row that are on. They are numbers if the flags have no names.
    pub fn names(&self) -> Vec<Vec<String>> {
        let on = |row: [bool; N]| (0..N).filter(|&flag| row[flag]).map(|flag| self.name(flag)).collect();
        self.flags().into_iter().map(on).collect()
    }

    /// The probability of each flag, one array per row.
    pub fn probabilities(&self) -> Vec<[f64; N]> {
        self.outputs.as_chunks::<N>().0.to_vec()
    }
}

impl<const N: usize> Predictions<Regression<N>> {
    /// The predicted numbers, one array per row.
    pub fn values(&self) -> Vec<[f64; N]> {
        self.outputs.as_chunks::<N>().0.to_vec()
    }
}

impl<T> fmt::Debug for Predictions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Predictions").field("outputs", &self.outputs).finish_non_exhaustive()
    }
}
