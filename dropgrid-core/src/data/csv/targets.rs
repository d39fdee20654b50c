//! Targets from the cells of their columns.

use super::{
    FromCells, InColumns,
    cell::{filled, number},
};
use crate::{
    data::{
        Binary, Classes, MultiLabel, Regression,
        target::{Naming, parse_labels},
    },
    error::{DataError, Error, Result},
};

/// Targets that are one class a sample, whose cells are numbers or names.
macro_rules! named_classes {
    ($target:ty, $classes:expr $(, const $n:ident)?) => {
        impl$(<const $n: usize>)? $target {
            /// The class numbers in the column of that name; `names` or `learn_names` read class names instead.
            pub fn in_column(column: impl Into<String>) -> InColumns<Self> {
                InColumns::new([column])
            }
        }

        impl$(<const $n: usize>)? InColumns<$target> {
            /// The column holds class names, and these are the classes' names in the order of their numbers.
            pub fn names<S: Into<String>>(self, names: [S; $classes]) -> Self {
                Self { naming: Naming::Given(names.map(Into::into).into()), ..self }
            }

            /// The column holds class names: the classes are its distinct values in sorted order, as scikit-learn's
            /// [`LabelEncoder`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.LabelEncoder.html)
            /// numbers them: whole numbers by their value (2 before 10), anything else as text. Another number of
            /// distinct values is an error.
            pub fn learn_names(self) -> Self {
                Self { naming: Naming::Learned, ..self }
            }
        }

        impl$(<const $n: usize>)? FromCells for $target {
            fn from_cells(told: &InColumns<Self>, cells: &[Vec<String>]) -> Result<Self> {
                let column = &told.columns[0];
                filled(&cells[0], column, "label")?;
                let (labels, names) = parse_labels(&told.naming, $classes, column, &cells[0])?;
                Self::in_named_column(labels, column, names)
            }
        }
    };
}

named_classes!(Classes<N>, N, const N);
named_classes!(Binary, 2);

impl<const N: usize> MultiLabel<N> {
    /// One flag a column, 0 or 1; the flags get the columns' names.
    pub fn in_columns<S: Into<String>>(columns: [S; N]) -> InColumns<Self> {
        InColumns::new(columns)
    }
}

impl<const N: usize> FromCells for MultiLabel<N> {
    fn from_cells(told: &InColumns<Self>, cells: &[Vec<String>]) -> Result<Self> {
        let mut rows = vec![[false; N]; cells.first().map_or(0, Vec::len)];
        for (at, (column, cells)) in told.columns.iter().zip(cells).enumerate() {
            for (index, (row, cell)) in rows.iter_mut().zip(cells).enumerate() {
                row[at] = match cell.as_str() {
                    "0" => false,
                    "1" => true,
                    _ => {
                        return Err(Error::Data(DataError::LabelOutOfRange {
                            row: index + 1,
                            column: column.clone(),
                            value: format!("`{cell}`"),
                            classes: 2,
                        }));
                    }
                };
            }
        }
        let names: Vec<&str> = told.columns.iter().map(String::as_str).collect();
        Self::new(rows)?.with_names(std::array::from_fn(|at| names[at]))
    }
}

impl Regression<1> {
    /// The numbers in the column of that name.
    pub fn in_column(column: impl Into<String>) -> InColumns<Self> {
        InColumns::new([column])
    }
}

impl<const M: usize> Regression<M> {
    /// The numbers in the columns of these names.
    pub fn in_columns<S: Into<String>>(columns: [S; M]) -> InColumns<Self> {
        InColumns::new(columns)
    }
}

impl<const M: usize> FromCells for Regression<M> {
    fn from_cells(told: &InColumns<Self>, cells: &[Vec<String>]) -> Result<Self> {
        let mut values = Vec::new();
        for index in 0..cells.first().map_or(0, Vec::len) {
            for (column, cells) in told.columns.iter().zip(cells) {
                values.push(number(index, column, &cells[index])?);
            }
        }
        Self::in_named_columns(values, |column| told.columns[column].clone())
    }
}
