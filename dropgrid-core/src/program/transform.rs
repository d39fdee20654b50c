//! Functions of the cells of one row.

use std::fmt;

/// A function of one row of cells, in double precision.
pub trait Transform: fmt::Debug + Send + Sync {
    /// Replaces the cells of a row by the function's numbers.
    ///
    /// A missing cell is NaN. A function that takes none, or gets a code that is no category, gives NaN for it.
    fn apply(&self, row: &mut Vec<f64>);
}

/// Functions one after the other; without any, the cells stay as they are.
impl<T: Transform + ?Sized> Transform for Vec<Box<T>> {
    fn apply(&self, row: &mut Vec<f64>) {
        for function in self {
            function.apply(row);
        }
    }
}
