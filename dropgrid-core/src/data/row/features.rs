//! Features of rows of the user's own type.

use super::{CellKind, Row, RowColumn};
use crate::{
    data::features::{FeatureKind, Features},
    error::{DataError, Error, Result},
};

impl Features {
    /// Features of rows of your own type, see [`Row`]. The columns have the names of the fields; a cell that is `None`
    /// is missing, and NaN here.
    ///
    /// # Errors
    /// [`DataError::EmptyData`] where there are no rows; [`DataError::NoFeatures`] where a row has no columns;
    /// [`DataError::NotFinite`], [`DataError::TooLarge`], [`DataError::RepeatedColumn`].
    pub fn of<'a, R: Row + 'a>(rows: impl IntoIterator<Item = &'a R>) -> Result<Self> {
        let (mut one, mut cells) = (Vec::with_capacity(R::COLUMNS.len()), Vec::new());
        for (index, row) in rows.into_iter().enumerate() {
            one.clear();
            row.push_cells(&mut one);
            for (cell, RowColumn { name, .. }) in one.iter().zip(R::COLUMNS) {
                // Of the cells, those that are missing are NaN, and no others.
                if let Some(value) = cell.filter(|cell| cell.is_nan()) {
                    return Err(Error::Data(DataError::NotFinite {
                        row: index + 1,
                        column: (*name).to_owned(),
                        value,
                    }));
                }
                cells.push(cell.unwrap_or(f64::NAN));
            }
        }
        let names = R::COLUMNS.iter().map(|column| column.name.to_owned()).collect();
        Self::from_cells(&cells, names, R::COLUMNS.iter().map(kind).collect())
    }
}

/// The kind of features in a column of rows.
pub(in crate::data) fn kind(column: &RowColumn) -> FeatureKind {
    match column.kind {
        CellKind::Number => FeatureKind::Number,
        CellKind::Category(names) => FeatureKind::Category(names.iter().map(|&name| name.to_owned()).collect()),
    }
}
