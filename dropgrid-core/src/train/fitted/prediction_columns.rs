//! Predictions as named columns of text, for CSV files.

use std::path::Path;

use super::{McPredictions, Predictions};
use crate::{
    data::{Binary, Classes, MultiLabel, Regression},
    error::{DataError, Error, Result},
    file,
};

/// A column of a CSV file of predictions: a prediction column, or a column that identifies rows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextColumn {
    /// The name in the header, such as `prediction` or `probability_yes`.
    pub name: String,
    /// The cells, one per row. A number is written with the fewest digits that identify it.
    pub cells: Vec<String>,
}

impl TextColumn {
    /// Creates a column whose cells are the texts of these values.
    pub fn new(name: impl Into<String>, cells: impl IntoIterator<Item = impl ToString>) -> Self {
        Self { name: name.into(), cells: cells.into_iter().map(|cell| cell.to_string()).collect() }
    }

    /// Creates one column of numbers for each of `names`, from one array per row.
    fn each<const N: usize>(kind: &str, names: [String; N], rows: &[[f64; N]]) -> Vec<Self> {
        let column = |(at, name): (usize, String)| Self::new(joined(kind, &name), rows.iter().map(|row| row[at]));
        names.into_iter().enumerate().map(column).collect()
    }
}

/// Returns the name of a column: its kind and, if there are several, the suffix `of`.
fn joined(kind: &str, of: &str) -> String {
    if of.is_empty() { kind.to_owned() } else { format!("{kind}_{of}") }
}

/// Predictions that can be written as columns.
///
/// | targets | columns |
/// |---|---|
/// | [`Classes`], [`Binary`] | `prediction`, the class; `probability_` with the name of each class |
/// | [`MultiLabel`] | `prediction_` with the name of each flag, 0 or 1; `probability_` likewise |
/// | [`Regression`] | `prediction`; of several numbers `prediction_0`, `prediction_1` and so on |
///
/// Predictions with [Monte-Carlo dropout](McPredictions) also have columns of standard deviations, `std_` with the same
/// names. For classes they have `entropy` and `mutual_information`, in nats.
pub trait PredictionColumns {
    /// Returns the columns.
    fn columns(&self) -> Vec<TextColumn>;

    /// Returns the columns as a CSV text with a header. The columns `ids`, which identify the rows, come first.
    ///
    /// # Errors
    /// [`DataError::RepeatedColumn`] if two columns have the same name; [`DataError::LengthMismatch`] if a column of
    /// `ids` has another number of rows.
    ///
    /// # Examples
    /// `fitted.predictions(&features)?.to_csv([TextColumn::new("id", 100..103)])?`
    fn to_csv(&self, ids: impl IntoIterator<Item = TextColumn>) -> Result<String>
    where
        Self: Sized,
    {
        let columns: Vec<TextColumn> = ids.into_iter().chain(self.columns()).collect();
        let rows = columns.last().map_or(0, |column| column.cells.len());
        for (at, column) in columns.iter().enumerate() {
            if columns[..at].iter().any(|other| other.name == column.name) {
                return Err(Error::Data(DataError::RepeatedColumn { column: column.name.clone() }));
            }
            if column.cells.len() != rows {
                return Err(Error::Data(DataError::LengthMismatch { features: column.cells.len(), targets: rows }));
            }
        }
        let mut text = line(columns.iter().map(|column| &*column.name));
        for row in 0..rows {
            text += &line(columns.iter().map(|column| &*column.cells[row]));
        }
        Ok(text)
    }

    /// Writes [`to_csv`](Self::to_csv) to a file. The file is replaced as a whole or not at all, see [`file::write`].
    ///
    /// # Errors
    /// Fails with the errors of [`to_csv`](Self::to_csv) and of [`file::write`].
    fn write_csv(&self, path: impl AsRef<Path>, ids: impl IntoIterator<Item = TextColumn>) -> Result<()>
    where
        Self: Sized,
    {
        file::write(path, self.to_csv(ids)?)
    }
}

/// Returns a line of a CSV file, quoted as [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180) requires. A line of one
/// empty cell is also quoted, since readers skip empty lines.
fn line<'a>(cells: impl ExactSizeIterator<Item = &'a str>) -> String {
    let is_alone = cells.len() == 1;
    let cell = |cell: &str| {
        let blank = |letter: char| letter == ' ' || letter == '\t';
        let is_odd =
            cell.contains(['"', ',', ';', '|', '\n', '\r']) || cell.starts_with(blank) || cell.ends_with(blank);
        if is_odd || cell.is_empty() && is_alone {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    cells.map(cell).collect::<Vec<_>>().join(",") + "\n"
}

impl<const N: usize> PredictionColumns for Predictions<Classes<N>> {
    fn columns(&self) -> Vec<TextColumn> {
        let mut columns = vec![TextColumn::new("prediction", self.names())];
        columns.extend(TextColumn::each("probability", self.each_name(), &self.probabilities()));
        columns
    }
}

impl PredictionColumns for Predictions<Binary> {
    fn columns(&self) -> Vec<TextColumn> {
        let mut columns = vec![TextColumn::new("prediction", self.names())];
        columns.extend(TextColumn::each("probability", self.each_name(), &self.probabilities()));
        columns
    }
}

impl<const N: usize> PredictionColumns for Predictions<MultiLabel<N>> {
    fn columns(&self) -> Vec<TextColumn> {
        let flags: Vec<[f64; N]> =
            self.flags().into_iter().map(|row| row.map(|flag| f64::from(u8::from(flag)))).collect();
        let mut columns = TextColumn::each("prediction", self.each_name(), &flags);
        columns.extend(TextColumn::each("probability", self.each_name(), &self.probabilities()));
        columns
    }
}

impl<const N: usize> PredictionColumns for Predictions<Regression<N>> {
    fn columns(&self) -> Vec<TextColumn> {
        TextColumn::each("prediction", numbered(), &self.values())
    }
}

/// Returns the suffixes of several numbers, or an empty suffix for a single number.
fn numbered<const N: usize>() -> [String; N] {
    std::array::from_fn(|at| if N == 1 { String::new() } else { at.to_string() })
}

impl<const N: usize> PredictionColumns for McPredictions<Classes<N>> {
    fn columns(&self) -> Vec<TextColumn> {
        let mut columns = self.predictions().columns();
        columns.extend(TextColumn::each("std", self.predictions().each_name(), &self.std()));
        columns.push(TextColumn::new("entropy", self.entropy()));
        columns.push(TextColumn::new("mutual_information", self.mutual_information()));
        columns
    }
}

impl PredictionColumns for McPredictions<Binary> {
    fn columns(&self) -> Vec<TextColumn> {
        let mut columns = self.predictions().columns();
        columns.push(TextColumn::new("std", self.std()));
        columns.push(TextColumn::new("entropy", self.entropy()));
        columns.push(TextColumn::new("mutual_information", self.mutual_information()));
        columns
    }
}

impl<const N: usize> PredictionColumns for McPredictions<MultiLabel<N>> {
    fn columns(&self) -> Vec<TextColumn> {
        let names = || self.predictions().each_name();
        let mut columns = self.predictions().columns();
        columns.extend(TextColumn::each("std", names(), &self.std()));
        columns.extend(TextColumn::each("entropy", names(), &self.entropy()));
        columns.extend(TextColumn::each("mutual_information", names(), &self.mutual_information()));
        columns
    }
}

impl<const N: usize> PredictionColumns for McPredictions<Regression<N>> {
    fn columns(&self) -> Vec<TextColumn> {
        let mut columns = self.predictions().columns();
        columns.extend(TextColumn::each("std", numbered(), &self.std()));
        columns
    }
}
