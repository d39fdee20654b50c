//! Predictions as named columns of text, for a file.

use super::{McPredictions, Predictions};
use crate::data::{Binary, Classes, MultiLabel, Regression};

/// A column of a file of predictions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PredictionColumn {
    /// The name in the header: `prediction`, `probability_yes`.
    pub name: String,
    /// The cells, one a row. A number has as many digits as tell it apart.
    pub cells: Vec<String>,
}

impl PredictionColumn {
    fn new(name: impl Into<String>, cells: impl IntoIterator<Item = impl ToString>) -> Self {
        Self { name: name.into(), cells: cells.into_iter().map(|cell| cell.to_string()).collect() }
    }

    /// Columns of numbers, one for each of `names`, from one array a row.
    fn each<const N: usize>(kind: &str, names: [String; N], rows: &[[f64; N]]) -> Vec<Self> {
        let column = |(at, name): (usize, String)| Self::new(joined(kind, &name), rows.iter().map(|row| row[at]));
        names.into_iter().enumerate().map(column).collect()
    }
}

/// The name of a column: its kind, and what it is of where there are several.
fn joined(kind: &str, of: &str) -> String {
    if of.is_empty() { kind.to_owned() } else { format!("{kind}_{of}") }
}

/// Predictions that a file can have as columns.
///
/// | targets | columns |
/// |---|---|
/// | [`Classes`], [`Binary`] | `prediction`, the class; `probability_` with the name of each class |
/// | [`MultiLabel`] | `prediction_` with the name of each flag, 0 or 1; `probability_` likewise |
/// | [`Regression`] | `prediction`; of several numbers `prediction_0`, `prediction_1` and so on |
///
/// Those of [Monte-Carlo dropout](McPredictions) have their standard deviations, too, as `std_` with the same names; those
/// of classes `entropy` and `mutual_information`, in nats.
pub trait PredictionColumns {
    /// The columns.
    fn columns(&self) -> Vec<PredictionColumn>;
}

impl<const N: usize> PredictionColumns for Predictions<Classes<N>> {
    fn columns(&self) -> Vec<PredictionColumn> {
        let mut columns = vec![PredictionColumn::new("prediction", self.names())];
        columns.extend(PredictionColumn::each("probability", self.each_name(), &self.probabilities()));
        columns
    }
}

impl PredictionColumns for Predictions<Binary> {
    fn columns(&self) -> Vec<PredictionColumn> {
        let mut columns = vec![PredictionColumn::new("prediction", self.names())];
        columns.extend(PredictionColumn::each("probability", self.each_name(), &self.probabilities()));
        columns
    }
}

impl<const N: usize> PredictionColumns for Predictions<MultiLabel<N>> {
    fn columns(&self) -> Vec<PredictionColumn> {
        let flags: Vec<[f64; N]> =
            self.flags().into_iter().map(|row| row.map(|flag| f64::from(u8::from(flag)))).collect();
        let mut columns = PredictionColumn::each("prediction", self.each_name(), &flags);
        columns.extend(PredictionColumn::each("probability", self.each_name(), &self.probabilities()));
        columns
    }
}

impl<const N: usize> PredictionColumns for Predictions<Regression<N>> {
    fn columns(&self) -> Vec<PredictionColumn> {
        PredictionColumn::each("prediction", numbered(), &self.values())
    }
}

/// The names of several numbers; none for a single one.
fn numbered<const N: usize>() -> [String; N] {
    std::array::from_fn(|at| if N == 1 { String::new() } else { at.to_string() })
}

impl<const N: usize> PredictionColumns for McPredictions<Classes<N>> {
    fn columns(&self) -> Vec<PredictionColumn> {
        let mut columns = self.predictions().columns();
        columns.extend(PredictionColumn::each("std", self.predictions().each_name(), &self.std()));
        columns.push(PredictionColumn::new("entropy", self.entropy()));
        columns.push(PredictionColumn::new("mutual_information", self.mutual_information()));
        columns
    }
}

impl PredictionColumns for McPredictions<Binary> {
    fn columns(&self) -> Vec<PredictionColumn> {
        let mut columns = self.predictions().columns();
        columns.push(PredictionColumn::new("std", self.std()));
        columns.push(PredictionColumn::new("entropy", self.entropy()));
        columns.push(PredictionColumn::new("mutual_information", self.mutual_information()));
        columns
    }
}

impl<const N: usize> PredictionColumns for McPredictions<MultiLabel<N>> {
    fn columns(&self) -> Vec<PredictionColumn> {
        let names = || self.predictions().each_name();
        let mut columns = self.predictions().columns();
        columns.extend(PredictionColumn::each("std", names(), &self.std()));
        columns.extend(PredictionColumn::each("entropy", names(), &self.entropy()));
        columns.extend(PredictionColumn::each("mutual_information", names(), &self.mutual_information()));
        columns
    }
}

impl<const N: usize> PredictionColumns for McPredictions<Regression<N>> {
    fn columns(&self) -> Vec<PredictionColumn> {
        let mut columns = self.predictions().columns();
        columns.extend(PredictionColumn::each("std", numbered(), &self.std()));
        columns
    }
}
