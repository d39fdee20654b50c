//! Steps that prepare columns of the data.

use super::{cells::Cells, range::Range};
use crate::{error::Result, program::Transform};

/// A step that prepares columns of the data: fitted on the rows that a fold trains on, and fixed from then on.
///
/// A field with `#[columns(..)]` holds a step or a chain of them, see
/// [`ColumnLayer`](super::column_layer::ColumnLayer).
///
/// Implement it for a layer of your own, on the type that is built:
/// ```
/// # use dfdx::{shapes::Rank1, tensor::{Cpu, Tensor, ZerosTensor, AsArray}};
/// # use dropgrid_core::{Result, nn::{Cells, Step, Transform}};
/// /// Divides a column by its largest magnitude.
/// struct ByLargest {
///     largest: Tensor<Rank1<1>, f32, Cpu>,
///     /// Marks a layer that belongs at the head, see `PositionIndependent`.
///     head: std::marker::PhantomPinned,
/// }
///
/// /// Divides each cell by a number.
/// #[derive(Debug)]
/// struct Divide(f64);
///
/// impl Transform for Divide {
///     fn apply(&self, row: &mut Vec<f64>) {
///         row.iter_mut().for_each(|cell| *cell /= self.0);
///     }
/// }
///
/// impl Step for ByLargest {
///     const COLUMNS: usize = 1;
///     const WIDTH: usize = 1;
///     const TAKES: Cells = Cells::NUMBER;
///     const GIVES: Cells = Cells::NUMBER;
///
///     fn fit(&mut self, cells: &[f64]) -> Result<()> {
///         let largest = cells.iter().fold(0.0_f64, |largest, cell| largest.max(cell.abs()));
///         self.largest.copy_from(&[if largest > 0.0 { largest as f32 } else { 1.0 }]);
///         Ok(())
///     }
///
///     fn transform(&self) -> Box<dyn Transform> {
///         Box::new(Divide(self.largest.array()[0].into()))
///     }
/// }
///
/// let mut step = ByLargest { largest: Cpu::default().zeros(), head: std::marker::PhantomPinned };
/// step.fit(&[1.0, -4.0, 2.0])?;
/// let mut row = vec![-2.0];
/// step.transform().apply(&mut row);
/// assert_eq!(row, [-0.5]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not prepare columns of the data",
    label = "not a step such as `Impute`, `Standardize` or `OneHot`",
    note = "a field with `#[columns(..)]` holds steps, and at most at the end of them an `Embed`; write other layers as a field of their own",
    note = "for a layer of your own, implement `dropgrid::nn::Step`"
)]
pub trait Step {
    /// Columns that it takes.
    const COLUMNS: usize;
    /// Numbers that it gives for each row.
    const WIDTH: usize;
    /// The cells that it takes.
    const TAKES: Cells;
    /// The cells that it gives: of [`CellKind::Any`](super::CellKind::Any) kind where they are of the kind that it
    /// took; missing or unknown ones where such cells stay as they are.
    const GIVES: Cells;
    /// The names and ranges of the settings that `#[grid(value: 0.0, 1.0)]` searches and `#[set(value = 0.0)]` gives,
    /// also where the step is one of a chain.
    const SETTINGS: &'static [(&'static str, Range)] = &[];

    /// Fits the statistics on rows of [`COLUMNS`](Self::COLUMNS) cells, row-major, at least one row. A missing cell is
    /// NaN, an unknown category -1.
    ///
    /// # Errors
    /// An error about the cells, with which the fit then fails.
    fn fit(&mut self, cells: &[f64]) -> Result<()>;

    /// The function of a row by the statistics as they are: of [`COLUMNS`](Self::COLUMNS) cells, [`WIDTH`](Self::WIDTH)
    /// numbers.
    fn transform(&self) -> Box<dyn Transform>;

    /// Sets one of [`SETTINGS`](Self::SETTINGS) by name. The value is in its range.
    fn set(&mut self, setting: &str, value: f64) {
        let _ = (setting, value);
    }

    /// Checks the settings together, as [`Settings::fault`](super::Settings::fault) does.
    fn fault(&self) -> Option<(String, &'static str)> {
        None
    }

    /// The value that missing cells get, where it does not depend on the data.
    #[doc(hidden)]
    fn constant(&self) -> Option<f64> {
        None
    }
}

/// The rows that a function makes of rows of `columns` cells, row-major.
pub(super) fn transformed(transform: &dyn Transform, columns: usize, cells: &[f64]) -> Vec<f64> {
    let (mut all, mut row) = (Vec::with_capacity(cells.len()), Vec::new());
    for cells in cells.chunks_exact(columns.max(1)) {
        row.clear();
        row.extend_from_slice(cells);
        transform.apply(&mut row);
        all.extend_from_slice(&row);
    }
    all
}
