//! Operations of a program on the columns of a table.

use std::{ops::Range, sync::Arc};

use super::{Operation, Program, Transform, Value, prepare::Prepare};

impl Program {
    /// A function of the columns of `from` at these positions, which gives `width` numbers a row. Column `i` is its
    /// number plus `origins[i]`, or its number where there are fewer origins.
    ///
    /// No gradient passes: the function is fixed for the life of the program.
    ///
    /// # Panics
    /// Where `from` has no such position.
    pub fn prepare(
        &mut self,
        from: Value,
        positions: &[usize],
        origins: &[f64],
        transform: impl Transform + 'static,
        width: usize,
    ) -> Value {
        let from = self.channels_first(from);
        let origins = origins.iter().copied().chain(std::iter::repeat(0.0));
        let (columns, cells) = (positions.iter().copied().zip(origins).collect::<Vec<_>>(), self.widths[from.0]);
        assert!(columns.iter().all(|(at, _)| *at < cells), "a row has {cells} cells: {positions:?}");
        let prepare = Prepare { columns, width: cells, transform: Arc::new(transform) };
        self.push(vec![width], |to| Operation::Prepare { from, to, prepare })
    }

    /// The rows of a table, of `width` numbers each, that the codes in `from` number.
    pub(crate) fn embed(&mut self, from: Value, table: Range<usize>, width: usize) -> Value {
        let codes = self.widths[from.0];
        self.push(vec![codes * width], |to| Operation::Embed { from, to, table, width })
    }

    /// Values side by side: rows of all the numbers of the first, then those of the second, and so on.
    pub fn concat(&mut self, parts: &[Value]) -> Value {
        let parts: Vec<Value> = parts.iter().map(|&part| self.channels_first(part)).collect();
        let width = parts.iter().map(|part| self.widths[part.0]).sum();
        self.push(vec![width], |to| Operation::Concat { parts, to })
    }
}
