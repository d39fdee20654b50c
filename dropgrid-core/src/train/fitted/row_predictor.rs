//! Prediction of one row at a time.

use std::fmt;

use super::Fitted;
use crate::{
    data::{Binary, Classes, Features, MultiLabel, Regression},
    error::{DataError, Error, Result},
    metric::argmax,
    model::Model,
    phase::is_code,
    program::Run,
    train::{
        evaluate::{finite, restore},
        loss::TrainTarget,
    },
};

/// A predictor of single rows that reuses its buffers, from [`Fitted::row_predictor`].
pub struct RowPredictor<'a, M: Model, T> {
    fitted: &'a Fitted<M, T>,
    /// The program of the network. `None` if a layer cannot be lowered.
    run: Option<Run>,
    /// The length of a row.
    width: usize,
    predictions: Vec<f64>,
}

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// Creates a predictor of single rows, for example for a service that gets one row at a time.
    ///
    /// Its predictions have the same bits as those of [`predict`](Self::predict). A prediction allocates nothing if the
    /// network is a [program](crate::nn::Lower). With a layer that trains on dfdx's tape it costs as much as `predict`.
    /// Each thread needs its own predictor.
    ///
    /// # Errors
    /// [`Failure::Device`](crate::Failure::Device) if memory runs out.
    ///
    /// # Examples
    /// `let mut predictor = fitted.row_predictor()?;`, then for each row `predictor.predict(&row)?`
    pub fn row_predictor(&self) -> Result<RowPredictor<'_, M, T>> {
        let mut run = self.network.evaluation_program().map(|program| Run::evaluating(program, 1)).transpose()?;
        if let Some(run) = &mut run {
            // The first pass allocates the scratch memory of matrix products.
            run.evaluate(1);
        }
        let predictions = Vec::with_capacity(run.as_ref().map_or(0, Run::width));
        Ok(RowPredictor { fitted: self, run, width: self.width(), predictions })
    }

    /// Returns the error for a cell that the network does not accept.
    fn no_input(&self, column: usize, value: f64) -> Error {
        let name = self.columns().and_then(|names| names.get(column));
        let column = name.map_or_else(|| column.to_string(), Clone::clone);
        Error::Data(if value.is_finite() {
            DataError::TooLarge { row: 1, column, value }
        } else {
            DataError::NotFinite { row: 1, column, value }
        })
    }
}

impl<M: Model, T: TrainTarget<Output = M::Output>> RowPredictor<'_, M, T> {
    /// Predicts a row. Returns probabilities or values.
    fn predictions<C: Copy + Into<f64>>(&mut self, row: &[C]) -> Result<&[f64]> {
        let Self { fitted, run, width: expected, predictions } = self;
        let expected = *expected;
        if row.len() != expected {
            return Err(Error::Data(DataError::InputWidth { expected, found: row.len() }));
        }
        let Some(run) = run else {
            let cells: Vec<f64> = row.iter().map(|&cell| cell.into()).collect();
            if let Some(column) = cells.iter().position(|cell| cell.is_nan()).filter(|_| M::COLUMNS.is_none()) {
                return Err(fitted.no_input(column, cells[column]));
            }
            let features = Features::of_row(&cells, fitted.columns.clone(), fitted.kinds.clone())?;
            *predictions = fitted.predict_rows(&*fitted.matched(&features)?, &[0])?;
            return Ok(predictions);
        };
        let origins = fitted.origins().unwrap_or_default();
        for (column, (&cell, to)) in row.iter().zip(run.batch()).enumerate() {
            let cell: f64 = cell.into();
            *to = (cell - origins.get(column).unwrap_or(&0.0)) as f32;
            // A missing cell that no layer imputes makes the output NaN.
            let is_missing = cell.is_nan() && M::COLUMNS.is_some();
            if let Some(count) = fitted.codes()
                && !is_code(*to, count)
            {
                let column = fitted.columns().map_or_else(|| column.to_string(), |names| names[column].clone());
                return Err(Error::Data(DataError::CodeOutOfRange { row: 1, column, value: cell, count }));
            }
            if !to.is_finite() && !is_missing {
                return Err(fitted.no_input(column, cell));
            }
        }
        let width = run.width();
        let output = run.evaluate(1);
        finite(output, &[0], width)?;
        predictions.clear();
        T::append_predictions(output, predictions);
        restore(fitted.scaler(), predictions, &[0])?;
        Ok(predictions)
    }
}

macro_rules! row {
    ($target:ty $(; const $n:ident)?: $one:ty, $what:literal, |$fitted:ident, $row:ident| $predict:expr $(; $probabilities:ty, |$of:ident| $proba:expr)?) => {
        impl<M: Model $(, const $n: usize)?> RowPredictor<'_, M, $target>
        where
            $target: TrainTarget<Output = M::Output>,
        {
            #[doc = $what]
            /// `row` has the cells of the training columns, in their order. A category is its position among the names
            /// of the column's categories. NaN is a missing cell, which a field of the model must impute.
            ///
            /// # Errors
            /// [`DataError::InputWidth`], [`DataError::NotFinite`] or [`DataError::TooLarge`];
            /// [`DataError::CodeOutOfRange`] for a number that is not a code in a sequence of codes;
            /// [`Failure::NonFiniteOutput`](crate::Failure::NonFiniteOutput) for a missing cell that no field imputes,
            /// or for a number that is not the code of a category. If the model has a layer that trains on dfdx's tape,
            /// such a missing cell gives [`DataError::NotPrepared`], and such a code [`DataError::CodeOutOfRange`] or
            /// [`DataError::UnknownCategory`].
            pub fn predict<C: Copy + Into<f64>>(&mut self, row: &[C]) -> Result<$one> {
                let $fitted = self.fitted;
                let $row = self.predictions(row)?;
                let _ = $fitted;
                Ok($predict)
            }

            $(
                /// Predicts the probabilities of a row.
                ///
                /// # Errors
                /// Fails with the errors of [`predict`](Self::predict).
                pub fn predict_proba<C: Copy + Into<f64>>(&mut self, row: &[C]) -> Result<$probabilities> {
                    let $of = self.predictions(row)?;
                    Ok($proba)
                }
            )?
        }
    };
}

row!(Classes<N>; const N: usize, "The most probable class of a row, the first one among equals.", |_fitted, row| argmax(row); [f64; N], |row| array(row));
row!(Binary: usize, "The class of a row: 1 where its probability is above the threshold.", |fitted, row| usize::from(row[0] > fitted.threshold); [f64; 2], |row| [1.0 - row[0], row[0]]);
row!(MultiLabel<N>; const N: [bool; N], "The flags of a row: those whose probability is above the threshold.", |fitted, row| array::<N>(row).map(|probability| probability > fitted.threshold); [f64; N], |row| array(row));
row!(Regression<N>; const N: [f64; N], "The numbers predicted for a row.", |_fitted, row| array(row));

/// Converts the numbers of a row to an array.
fn array<const N: usize>(row: &[f64]) -> [f64; N] {
    std::array::from_fn(|at| row[at])
}

impl<M: Model, T> fmt::Debug for RowPredictor<'_, M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowPredictor").field("fitted", &self.fitted).finish_non_exhaustive()
    }
}
