//! CSV files with a header.

mod cell;
mod quotes;
mod read;
mod targets;

use super::{Target, target};
use crate::error::Result;

/// A target that is read from columns of a CSV file, as [`Classes::in_column`](crate::data::Classes::in_column) makes it.
pub trait FromColumns {
    /// The target that comes of it.
    type Target: Target;

    /// The target's columns.
    fn columns(&self) -> &[String];

    /// The column of the sample weights, if there is one.
    fn weight_column(&self) -> Option<&str> {
        None
    }

    /// The column of the groups, if there is one.
    fn group_column(&self) -> Option<&str> {
        None
    }

    /// The target from its columns' cells, each in the order of the rows.
    ///
    /// # Errors
    /// Where a cell is no target of this kind; the error names its row and value.
    fn parse(&self, cells: &[Vec<String>]) -> Result<Self::Target>;
}

/// The target of kind `T` in named columns, for [`Dataset::from_csv`](crate::data::Dataset::from_csv).
///
/// # Examples
/// ```no_run
/// # use dropgrid_core::data::{Classes, Dataset};
/// let target = Classes::<3>::in_column("species").learn_names().weights("area").groups("site");
/// let flowers = Dataset::from_csv("flowers.csv", target)?;
/// println!("{:?} {:?}", flowers.targets().names(), flowers.weights());
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct InColumns<T> {
    columns: Vec<String>,
    naming: target::Naming,
    weights: Option<String>,
    groups: Option<String>,
    target: std::marker::PhantomData<fn() -> T>,
}

impl<T> InColumns<T> {
    fn new(columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            columns: columns.into_iter().map(Into::into).collect(),
            naming: target::Naming::Numbers,
            weights: None,
            groups: None,
            target: std::marker::PhantomData,
        }
    }

    /// Takes the sample weights from the column of that name, which is then no feature; see
    /// [`Dataset::with_weights`](crate::data::Dataset::with_weights).
    pub fn weights(self, column: impl Into<String>) -> Self {
        Self { weights: Some(column.into()), ..self }
    }

    /// Takes each sample's group from the column of that name, which is then no feature; see
    /// [`Dataset::with_groups`](crate::data::Dataset::with_groups). Groups that are all whole numbers are in the order of their values, others in that of
    /// their texts. An empty cell is an error.
    pub fn groups(self, column: impl Into<String>) -> Self {
        Self { groups: Some(column.into()), ..self }
    }
}

/// The targets that [`InColumns`] reads; a target of one's own implements [`FromColumns`] instead.
pub trait FromCells: Target {
    /// The target from the cells of the columns that `told` names.
    fn from_cells(told: &InColumns<Self>, cells: &[Vec<String>]) -> Result<Self>;
}

impl<T: FromCells> FromColumns for InColumns<T> {
    type Target = T;

    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn weight_column(&self) -> Option<&str> {
        self.weights.as_deref()
    }

    fn group_column(&self) -> Option<&str> {
        self.groups.as_deref()
    }

    fn parse(&self, cells: &[Vec<String>]) -> Result<T> {
        T::from_cells(self, cells)
    }
}
