//! Steps that prepare columns of the data.

use super::{cells::Cells, range::Range};
use crate::{error::Result, program::Transform};

/// A step that prepares columns of the data. It is fitted on the training rows of a fold and then stays fixed.
///
/// A field with `#[columns(..)]` holds a step or a chain of steps, see
/// [`ColumnLayer`](super::column_layer::ColumnLayer).
///
/// Implement it for your own layer, on the type that dfdx builds:
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
    /// The number of columns of the input.
    const COLUMNS: usize;
    /// The number of outputs for each row.
    const WIDTH: usize;
    /// The cells of the input.
    const TAKES: Cells;
    /// The cells of the output. The kind is [`CellKind::Any`](super::CellKind::Any) if the step keeps the kind of its
    /// input. Missing cells or unknown categories are allowed here if the step leaves them unchanged.
    const GIVES: Cells;
    /// The names and ranges of the settings that `#[grid(value: 0.0, 1.0)]` searches and `#[set(value = 0.0)]` sets,
    /// also for a step of a chain.
    const SETTINGS: &'static [(&'static str, Range)] = &[];

    /// Fits the statistics on at least one row of [`COLUMNS`](Self::COLUMNS) cells, row-major. A missing cell is NaN,
    /// an unknown category -1.
    ///
    /// # Errors
    /// An error about the cells. The fit of the candidate then fails with it.
    fn fit(&mut self, cells: &[f64]) -> Result<()>;

    /// Returns the fitted transform, which maps a row of [`COLUMNS`](Self::COLUMNS) cells to [`WIDTH`](Self::WIDTH)
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

    /// Returns the value that fills missing cells, if it does not depend on the data.
    #[doc(hidden)]
    fn constant(&self) -> Option<f64> {
        None
    }
}

/// Applies a transform to rows of `columns` cells, row-major.
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
