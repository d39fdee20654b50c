//! What a trained model predicts, by the kind of its target.

use std::{fmt, marker::PhantomData};

use super::{Fitted, Objective};
use crate::{
    data::{Binary, Classes, Dataset, Features, MultiLabel, Regression},
    error::Result,
    metric::{Measured, Scoring, argmax},
    model::Model,
};

/// What evaluation passes gave for some rows, by the kind of the target.
pub struct Predictions<T> {
    outputs: Vec<f64>,
    target: PhantomData<fn() -> T>,
}

impl<T> Predictions<T> {
    pub(crate) fn new(outputs: Vec<f64>) -> Self {
        Self { outputs, target: PhantomData }
    }
}

impl<T: Objective> Predictions<T> {
    /// The scores against the targets of `data`, whose rows these predictions are for, one a metric, each with what is
    /// odd about it; weighted where the data has weights.
    ///
    /// # Errors
    /// Those of the metrics; [`Error::Scoring`](crate::Error::Scoring) where there is not one prediction a row of the
    /// data.
    pub fn measure(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<Vec<Measured>> {
        let rows: Vec<usize> = (0..data.len()).collect();
        data.targets().scores(&scoring.metrics(), &rows, data.weights(), &self.outputs)
    }

    /// The score of the first metric of `scoring`; see [`measure`](Self::measure).
    ///
    /// # Errors
    /// Those of [`measure`](Self::measure).
    pub fn score(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<f64> {
        Ok(self.measure(scoring, data)?[0].value)
    }
}

impl<const N: usize> Predictions<Classes<N>> {
    /// The most probable class of each row; the first of equally probable ones.
    pub fn classes(&self) -> Vec<usize> {
        self.outputs.chunks_exact(N).map(argmax).collect()
    }

    /// The probability of each class, one array a row.
    pub fn probabilities(&self) -> Vec<[f64; N]> {
        self.outputs.as_chunks::<N>().0.to_vec()
    }
}

impl Predictions<Binary> {
    /// The class of each row: 1 where its probability is above one half.
    pub fn classes(&self) -> Vec<usize> {
        self.outputs.iter().map(|&positive| usize::from(positive > 0.5)).collect()
    }

    /// The probabilities of class 0 and class 1, one array a row.
    pub fn probabilities(&self) -> Vec<[f64; 2]> {
        self.outputs.iter().map(|&positive| [1.0 - positive, positive]).collect()
    }
}

impl<const N: usize> Predictions<MultiLabel<N>> {
    /// The flags of each row: those whose probability is above one half.
    pub fn flags(&self) -> Vec<[bool; N]> {
        self.probabilities().into_iter().map(|row| row.map(|probability| probability > 0.5)).collect()
    }

    /// The probability of each flag, one array a row.
    pub fn probabilities(&self) -> Vec<[f64; N]> {
        self.outputs.as_chunks::<N>().0.to_vec()
    }
}

impl<const N: usize> Predictions<Regression<N>> {
    /// The numbers predicted, one array a row.
    pub fn values(&self) -> Vec<[f64; N]> {
        self.outputs.as_chunks::<N>().0.to_vec()
    }
}

impl<T> fmt::Debug for Predictions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Predictions").field("outputs", &self.outputs).finish()
    }
}

macro_rules! predict {
    ($target:ty, $method:ident: $one:ty, $what:literal $(, $probabilities:ident: $row:ty)? $(; const $n:ident)?) => {
        impl<M: Model $(, const $n: usize)?> Fitted<M, $target>
        where
            $target: Objective<Output = M::Output>,
        {
            #[doc = $what]
            ///
            /// # Errors
            /// [`DataError::InputWidth`](crate::error::DataError::InputWidth) where rows do not have the length that
            /// the network takes.
            pub fn predict(&self, features: &Features) -> Result<Vec<$one>> {
                Ok(self.predictions(features)?.$method())
            }

            $(
                /// The probabilities of each row, one array a row.
                ///
                /// # Errors
                /// [`DataError::InputWidth`](crate::error::DataError::InputWidth) where rows do not have the length
                /// that the network takes.
                pub fn predict_proba(&self, features: &Features) -> Result<Vec<$row>> {
                    Ok(self.predictions(features)?.$probabilities())
                }
            )?
        }
    };
}

predict!(Classes<N>, classes: usize, "The most probable class of each row.", probabilities: [f64; N]; const N);
predict!(Binary, classes: usize, "The class of each row: 1 where its probability is above one half.", probabilities: [f64; 2]);
predict!(MultiLabel<N>, flags: [bool; N], "The flags of each row: those whose probability is above one half.", probabilities: [f64; N]; const N);
predict!(Regression<N>, values: [f64; N], "The numbers predicted, one array a row."; const N);
