//! Functions of the cells of one row.

use std::{any::type_name, fmt};

use crate::graph::{Edge, Graph};

/// A function of one row of cells, in double precision.
pub trait Transform: fmt::Debug + Send + Sync {
    /// Replaces the cells of a row by the function's numbers.
    ///
    /// A missing cell is NaN. A function that takes none, or gets a code that is no category, gives NaN for it.
    fn apply(&self, row: &mut Vec<f64>);

    /// Appends the operators of the function to a graph, applied to rows of cells of double precision.
    ///
    /// By default the function cannot be exported, and neither can a network with it.
    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        let name = type_name::<Self>();
        let name = name.split('<').next().and_then(|path| path.rsplit("::").next()).unwrap_or(name);
        graph.refuse(&format!("implement `Transform::export` for the function `{name}` of the step"));
        cells
    }
}

/// Functions one after the other; without any, the cells stay as they are.
impl<T: Transform + ?Sized> Transform for Vec<Box<T>> {
    fn apply(&self, row: &mut Vec<f64>) {
        for function in self {
            function.apply(row);
        }
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        self.iter().fold(cells, |cells, function| function.export(graph, cells))
    }
}
