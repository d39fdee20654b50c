//! Features of cells in double precision.

use std::sync::{Arc, OnceLock};

use super::{Coder, FeatureKind, Features, Merged, check_shape, column_name};
use crate::{
    data::numbers::Numbers,
    error::{DataError, Error, Result},
};

/// Columns that are gathered together from rows, so that a line of the processor's cache is read once.
const TOGETHER: usize = 8;

impl Features {
    /// Features from one row-major buffer in double precision; `names` has one name a column.
    ///
    /// # Errors
    /// Those of [`from_f64_rows`](Self::from_f64_rows) and [`DataError::RaggedBuffer`].
    pub(crate) fn from_f64(cells: &[f64], width: usize, names: Option<Vec<String>>) -> Result<Self> {
        check_shape(cells.len(), width)?;
        let names: Option<Arc<[String]>> = names.map(Into::into);
        if let Some(at) = cells.iter().position(|cell| cell.is_nan()) {
            let (row, column, value) = (at / width + 1, column_name(names.as_deref(), at % width), cells[at]);
            return Err(Error::Data(DataError::NotFinite { row, column, value }));
        }
        Self::coded_of(cells, width, names, None)
    }

    /// Features from one row-major buffer in double precision, in which NaN is a missing cell; names and kinds are one
    /// a column.
    ///
    /// # Errors
    /// Those of [`from_f64`](Self::from_f64), of NaN none.
    pub(super) fn coded_of(
        cells: &[f64],
        width: usize,
        names: Option<Arc<[String]>>,
        kinds: Option<Arc<[FeatureKind]>>,
    ) -> Result<Self> {
        check_shape(cells.len(), width)?;
        if let Some(at) = cells.iter().position(|&cell| (cell as f32).is_infinite()) {
            let (row, column, value) = (at / width + 1, column_name(names.as_deref(), at % width), cells[at]);
            return Err(Error::Data(if value.is_finite() {
                DataError::TooLarge { row, column, value }
            } else {
                DataError::NotFinite { row, column, value }
            }));
        }
        let mut coder = Coder::new(cells.len() / width);
        let mut columns: [Vec<f64>; TOGETHER] = Default::default();
        for first in (0..width).step_by(TOGETHER) {
            let columns = &mut columns[..TOGETHER.min(width - first)];
            columns.iter_mut().for_each(Vec::clear);
            for row in cells.chunks_exact(width) {
                columns.iter_mut().zip(&row[first..]).for_each(|(column, cell)| column.push(*cell));
            }
            for column in &*columns {
                coder.see(column);
            }
        }
        let mut inputs = Vec::with_capacity(cells.len());
        for row in cells.chunks_exact(width) {
            inputs.extend(row.iter().enumerate().map(|(column, &cell)| coder.input(column, cell)));
        }
        Ok(Self { kinds, ..Self::coded(inputs.into(), width, names, coder) })
    }

    /// Features with named columns of numbers in double precision, one name and kind a column; a missing cell is NaN.
    /// The numbers are freed on the way.
    ///
    /// # Errors
    /// [`DataError::TooLarge`].
    pub(in crate::data) fn from_numbers(
        columns: Vec<Numbers>,
        names: Vec<String>,
        kinds: Option<Vec<FeatureKind>>,
    ) -> Result<Self> {
        let (rows, width) = (columns.first().map_or(0, Numbers::len), names.len());
        let (mut coder, mut cells) = (Coder::new(rows), Vec::<f64>::with_capacity(rows));
        for (numbers, name) in columns.iter().zip(&names) {
            cells.clear();
            cells.extend(numbers.iter());
            if let Some(at) = cells.iter().position(|&cell| (cell as f32).is_infinite()) {
                return Err(Error::Data(DataError::TooLarge { row: at + 1, column: name.clone(), value: cells[at] }));
            }
            coder.see(&cells);
        }
        drop(cells);
        // Filled in its place: a vector would be copied, with both in memory.
        let mut inputs: Arc<[f32]> = std::iter::repeat_n(0.0, rows * width).collect();
        let mut places = Arc::get_mut(&mut inputs).unwrap_or_default().chunks_exact_mut(width.max(1));
        Numbers::drain_rows(columns, |row| {
            let Some(places) = places.next() else { return };
            for (column, (place, &cell)) in places.iter_mut().zip(row).enumerate() {
                *place = coder.input(column, cell);
            }
        });
        Ok(Self { kinds: kinds.map(Into::into), ..Self::coded(inputs, width, Some(names.into()), coder) })
    }

    /// The features, where in the column at a place so many distinct cells were so many distinct numbers before they
    /// were inputs: whole numbers of more digits than double precision has.
    pub(in crate::data) fn with_merged(mut self, lost: impl IntoIterator<Item = (usize, [usize; 2])>) -> Self {
        let mut merged = self.merged.to_vec();
        for (column, [cells, numbers]) in lost {
            match merged.iter_mut().find(|merged| merged.column == column) {
                Some(known) => known.cells = cells,
                None => merged.push(Merged { column, cells, numbers }),
            }
        }
        self.merged = merged.into();
        self
    }

    /// Features of inputs that `coder` coded.
    fn coded(inputs: Arc<[f32]>, width: usize, names: Option<Arc<[String]>>, coder: Coder) -> Self {
        let (origins, merged) = coder.finish();
        let (origins, merged) = (origins.map(Into::into), merged.into());
        Self { inputs, width, names, origins, kinds: None, merged, rounded: OnceLock::new(), complete: OnceLock::new() }
    }
}
