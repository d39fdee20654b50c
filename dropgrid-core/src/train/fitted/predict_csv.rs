//! Prediction of the rows of a table, written to a file.

use std::path::Path;

use super::{Fitted, McPredictions, PredictionColumns, Predictions, TextColumn};
use crate::{
    data::{Features, Table},
    error::{DataError, Error, Result},
    model::Model,
    train::{evaluate::McDropout, loss::TrainTarget},
};

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// Predicts the rows of a CSV file without targets and writes the predictions to a CSV file, see
    /// [`predict_table`](Self::predict_table). The file is read with the default settings.
    ///
    /// # Errors
    /// Fails with the errors of [`Csv::read`](crate::data::Csv::read) and of [`predict_table`](Self::predict_table).
    ///
    /// # Examples
    /// `fitted.predict_csv("next.csv", "predicted.csv")?`
    pub fn predict_csv(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<()>
    where
        Predictions<T>: PredictionColumns,
    {
        self.predict_table(&Table::from_csv(from)?, to)
    }

    /// Predicts the rows of a table and writes the predictions to a CSV file. The file has the columns of the table
    /// that are not features of the model, in their order, then the columns of [`PredictionColumns`].
    ///
    /// Columns are matched by the [names](Self::columns) of the training columns. A model without names takes every
    /// column that does not [identify rows](Table::ids).
    ///
    /// # Errors
    /// Fails with the errors of [`Table::features`], [`predictions`](Self::predictions) and
    /// [`file::write`](crate::file::write); with [`DataError::ColumnsDiffer`] if a column is missing; with
    /// [`DataError::RepeatedColumn`] if the table already has a column with the name of a prediction column.
    ///
    /// # Examples
    /// `fitted.predict_table(&Csv::new().decimal_comma().read("next.csv")?, "predicted.csv")?`
    pub fn predict_table(&self, table: &Table, to: impl AsRef<Path>) -> Result<()>
    where
        Predictions<T>: PredictionColumns,
    {
        let (features, ids) = self.rows_of(table)?;
        self.predictions(&features)?.write_csv(to, ids)
    }

    /// Predicts as [`predict_csv`](Self::predict_csv) does, but with Monte-Carlo dropout, and adds columns of
    /// uncertainty; see [`mc_predict`](Self::mc_predict).
    ///
    /// # Errors
    /// Fails with the errors of [`predict_csv`](Self::predict_csv) and of [`mc_predict`](Self::mc_predict).
    pub fn mc_predict_csv(
        &self,
        from: impl AsRef<Path>,
        to: impl AsRef<Path>,
        dropout: McDropout,
        seed: u64,
    ) -> Result<()>
    where
        McPredictions<T>: PredictionColumns,
    {
        self.mc_predict_table(&Table::from_csv(from)?, to, dropout, seed)
    }

    /// Predicts as [`predict_table`](Self::predict_table) does, but with Monte-Carlo dropout, and adds columns of
    /// uncertainty; see [`mc_predict`](Self::mc_predict).
    ///
    /// # Errors
    /// Fails with the errors of [`predict_table`](Self::predict_table) and of [`mc_predict`](Self::mc_predict).
    pub fn mc_predict_table(&self, table: &Table, to: impl AsRef<Path>, dropout: McDropout, seed: u64) -> Result<()>
    where
        McPredictions<T>: PredictionColumns,
    {
        let (features, ids) = self.rows_of(table)?;
        self.mc_predict(&features, dropout, seed)?.write_csv(to, ids)
    }

    /// Returns the features of the model from a table, and the table's other columns as text.
    ///
    /// # Errors
    /// [`DataError::ColumnsDiffer`] if a column is missing; the errors of [`Table::features`].
    fn rows_of(&self, table: &Table) -> Result<(Features, Vec<TextColumn>)> {
        let columns = || table.columns().iter();
        let learned: Vec<String> = self.columns().map_or_else(
            || columns().filter(|column| !column.is_id()).map(|column| column.name().to_owned()).collect(),
            <[String]>::to_vec,
        );
        check_columns(&learned, table)?;
        let others = columns().filter(|column| !learned.iter().any(|name| name == column.name()));
        let texts = others.map(|column| {
            let cells = (0..column.len()).map(|row| column.text(row).unwrap_or_default().into_owned());
            TextColumn::new(column.name(), cells)
        });
        let mut own = table.select(&learned)?.as_categories(self.categories())?;
        if M::COLUMNS.is_some() {
            // Matching the columns later rejects missing cells that no field of the model imputes.
            own = own.allow_missing(&learned)?;
        }
        Ok((own.features()?, texts.collect()))
    }
}

/// Checks that a table has the columns `learned`.
///
/// # Errors
/// [`DataError::ColumnsDiffer`] if a column is missing.
pub(super) fn check_columns(learned: &[String], table: &Table) -> Result<()> {
    let is_there = |name: &String| table.columns().iter().any(|column| column.name() == *name);
    let missing: Vec<String> = learned.iter().filter(|name| !is_there(name)).cloned().collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::Data(DataError::ColumnsDiffer { kind: "columns", missing, unknown: Vec::new() }))
}
