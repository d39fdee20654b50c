//! Operations on the columns of a table: their preparation, embeddings of categories, and values side by side.

use std::sync::Arc;

use super::Transform;
use crate::kernel::{AlignedVec, elementwise};

/// A function of some columns of a value.
#[derive(Debug, Clone)]
pub(super) struct Prepare {
    /// The position of each column, and its origin, which is added to its numbers in double precision.
    pub(super) columns: Vec<(usize, f64)>,
    /// The numbers in a row of the value.
    pub(super) width: usize,
    pub(super) transform: Arc<dyn Transform>,
}

impl Prepare {
    /// Fills rows of `out`, each from one of `x`; `cells` is scratch memory. A row of another length than the function
    /// was said to give becomes NaN.
    pub(super) fn forward(&self, x: &[f32], rows: usize, cells: &mut Vec<f64>, out: &mut [f32]) {
        let width = out.len() / rows.max(1);
        for (x, out) in x.chunks_exact(self.width.max(1)).zip(out.chunks_exact_mut(width.max(1))) {
            cells.clear();
            cells.extend(self.columns.iter().map(|&(at, origin)| origin + f64::from(x[at])));
            self.transform.apply(cells);
            if cells.len() == width {
                out.iter_mut().zip(&*cells).for_each(|(out, cell)| *out = *cell as f32);
            } else {
                out.fill(f32::NAN);
            }
        }
    }
}

/// The number of the table's row that a code stands for.
#[allow(clippy::cast_sign_loss, reason = "the code is at least 0")]
fn row(code: f32, rows: usize) -> Option<usize> {
    (code >= 0.0 && code < rows as f32 && code.fract() == 0.0).then_some(code as usize)
}

/// Fills rows of `out` with the rows of a table that `codes` number, and with NaN where there is no such row.
pub(super) fn embed(codes: &[f32], table: &[f32], width: usize, out: &mut [f32]) {
    for (code, out) in codes.iter().zip(out.chunks_exact_mut(width.max(1))) {
        match row(*code, table.len() / width) {
            Some(row) => out.copy_from_slice(&table[row * width..][..width]),
            None => out.fill(f32::NAN),
        }
    }
}

/// The derivative of [`embed`] by the table, row after row: `to =` it, or `to +=` it where `add`.
pub(super) fn embed_backward(codes: &[f32], gradient: &[f32], width: usize, to: &mut [f32], add: bool) {
    zero(to, add);
    let rows = to.len() / width.max(1);
    for (code, gradient) in codes.iter().zip(gradient.chunks_exact(width.max(1))) {
        if let Some(row) = row(*code, rows) {
            elementwise::copy(gradient, &mut to[row * width..][..width], true);
        }
    }
}

/// Fills rows of `width` numbers with those of the parts, each of which comes with the length of its rows.
pub(super) fn concat<'a>(parts: impl Iterator<Item = (&'a [f32], usize)>, width: usize, out: &mut [f32]) {
    let mut start = 0;
    for (part, part_width) in parts.filter(|(_, width)| *width > 0) {
        let rows = part.chunks_exact(part_width).zip(out.chunks_exact_mut(width));
        rows.for_each(|(part, out)| out[start..][..part_width].copy_from_slice(part));
        start += part_width;
    }
}

/// The derivative of [`concat`]: copies or adds the numbers of each part to its gradient among `to`, which is empty
/// where it is not needed. A part is its place there and the length of its rows, and comes with true where the gradient
/// is added.
pub(super) fn concat_backward<'a>(
    gradient: &[f32],
    width: usize,
    parts: impl Iterator<Item = ((usize, usize), &'a bool)>,
    to: &mut [AlignedVec],
) {
    let mut start = 0;
    for ((place, part_width), add) in parts.filter(|((_, width), _)| *width > 0) {
        let rows = gradient.chunks_exact(width).zip(to[place].chunks_exact_mut(part_width));
        rows.for_each(|(gradient, to)| elementwise::copy(&gradient[start..][..part_width], to, *add));
        start += part_width;
    }
}

/// Sets a gradient to 0, unless a later operation has written to it.
pub(super) fn zero(gradient: &mut [f32], is_written: bool) {
    if !is_written {
        gradient.fill(0.0);
    }
}
