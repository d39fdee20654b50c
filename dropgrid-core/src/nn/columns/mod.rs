//! Functions for networks whose first fields take columns of the data, called by generated code.

mod origins;

pub use origins::{ColumnOrigins, Origins, builder};

use dfdx::{
    shapes::{Axis, Const, Dtype, HasShape},
    tensor::{Cpu, Merge, OwnedTape, SplitTape, Tape, Tensor},
    tensor_ops::{Device, RealizeTo, TryConcatAlong},
};

use super::{ColumnLayer, LowerColumns};
use crate::{
    data::FitRows,
    error::{DataError, Error, Result},
    graph::{Edge, Graph},
    program::{Program, Value},
};

/// A batch of rows of `N` numbers. Shape (rows, `N`).
#[doc(hidden)]
pub type Batch<const N: usize, E, D, T> = Tensor<(usize, Const<N>), E, D, T>;

/// The cells of a batch in double precision, row-major. A cell is the number in the batch plus the origin of its
/// column.
#[doc(hidden)]
#[derive(Debug)]
pub struct CellMatrix<D> {
    cells: Vec<f64>,
    width: usize,
    device: D,
}

impl<D> CellMatrix<D> {
    /// Computes the cells of a batch.
    pub fn new<const N: usize, E: Dtype>(
        origins: &impl ColumnOrigins<E, D>,
        batch: &Batch<N, E, D, impl Tape<E, D>>,
    ) -> Self
    where
        D: Device<E>,
    {
        let origins = origins.numbers();
        let numbers = batch.as_vec();
        let cells = numbers.iter().zip(origins.iter().cycle());
        let cells = cells.map(|(number, origin)| origin + number.to_f64().unwrap_or(f64::NAN)).collect();
        Self { cells, width: N, device: batch.device().clone() }
    }

    /// Applies a layer to the columns at these positions. Shape (rows, width of the layer).
    ///
    /// # Errors
    /// Fails with the error of the device.
    pub fn part<E: Dtype, L: ColumnLayer<E, D>, T: Tape<E, D>>(
        &self,
        layer: &L,
        positions: &[usize],
        tape: T,
    ) -> Result<Part<E, D, T>, D::Err>
    where
        D: Device<E>,
    {
        layer.forward_columns(&selected(&self.cells, self.width, positions), &self.device, tape)
    }
}

/// Selects the columns at these positions from rows of `width` cells.
fn selected(cells: &[f64], width: usize, positions: &[usize]) -> Vec<f64> {
    cells.chunks_exact(width.max(1)).flat_map(|row| positions.iter().map(|&at| row[at])).collect()
}

/// The output of a field. Shape (rows, width of the layer).
type Part<E, D, T> = Tensor<(usize, usize), E, D, T>;

/// Concatenates the outputs of all fields along the last axis. Shape (rows, `N`).
///
/// # Errors
/// Fails with the error of the device.
///
/// # Panics
/// Panics if the widths of the parts do not add up to `N`. The compiler has checked this.
#[doc(hidden)]
pub fn side_by_side<const P: usize, const N: usize, E: Dtype, D: Device<E>, T: Tape<E, D> + Merge<T>>(
    parts: [Part<E, D, T>; P],
) -> Result<Batch<N, E, D, T>, D::Err> {
    let mut parts = parts.into_iter();
    let Some(mut all) = parts.next() else { unreachable!("a network has a field that takes columns") };
    for part in parts {
        all = (all, part).try_concat_along(Axis::<1>)?;
    }
    Ok(all.try_realize().unwrap_or_else(|all| panic!("rows of {:?}, expected {N}", all.shape())))
}

/// Separates a batch from its tape.
#[doc(hidden)]
pub fn split_tape<const N: usize, E: Dtype, D: Device<E>>(
    batch: Batch<N, E, D, OwnedTape<E, D>>,
) -> (Batch<N, E, D, dfdx::tensor::NoneTape>, OwnedTape<E, D>) {
    batch.split_tape()
}

/// Appends the operations of a layer that takes the columns at these positions.
#[doc(hidden)]
pub fn lower_part<L: LowerColumns>(
    layer: &L,
    program: &mut Program,
    input: Value,
    positions: &[usize],
    origins: &[f64],
) -> Value {
    let origins: Vec<f64> = positions.iter().map(|&at| origins[at]).collect();
    layer.lower_columns(program, input, positions, &origins)
}

/// Appends the operators of a layer that takes the columns at these positions. `cells` include the origins.
#[doc(hidden)]
pub fn export_part<L: LowerColumns>(
    graph: &mut Graph,
    name: &str,
    layer: &L,
    cells: Edge,
    positions: &[usize],
) -> Edge {
    graph.within(name, |graph| {
        let cells = graph.select(cells, positions);
        let part = layer.export_columns(graph, cells);
        graph.guard(part);
        part
    })
}

/// Appends the operators that add the origins to a network's input, and returns the cells.
#[doc(hidden)]
pub fn export_cells(graph: &mut Graph, input: Edge, origins: &impl ColumnOrigins<f32, Cpu>) -> Edge {
    graph.cells(input, &origins.numbers())
}

/// Fits a layer on the columns at these positions.
///
/// # Errors
/// Fails with the errors of [`ColumnLayer::fit_columns`].
#[doc(hidden)]
pub fn fit_part<L: ColumnLayer<f32, Cpu>>(layer: &mut L, rows: &FitRows<'_>, positions: &[usize]) -> Result<()> {
    let origins = rows.origins();
    let origin = |at: usize| origins.map_or(0.0, |origins| origins[at]);
    let cells = rows.iter().flat_map(|row| positions.iter().map(move |&at| origin(at) + f64::from(row[at])));
    layer.fit_columns(&cells.collect::<Vec<f64>>()).map_err(|error| match error {
        // The step reports the position of the column. The data has its name.
        Error::Data(DataError::NoValue { column }) if column < positions.len() => {
            Error::Data(DataError::ColumnWithoutValue { column: rows.column_name(positions[column]) })
        }
        error => error,
    })
}
