//! Affine maps of cells in double precision.

use crate::{
    graph::{Edge, Graph},
    program::Transform,
};

/// An affine map of each column: (x - shift) / scale * span + floor.
#[derive(Debug)]
pub(in crate::nn::layers) struct Affine {
    pub(in crate::nn::layers) shift: Vec<f64>,
    pub(in crate::nn::layers) scale: Vec<f64>,
    pub(in crate::nn::layers) span: f64,
    pub(in crate::nn::layers) floor: f64,
}

impl Transform for Affine {
    fn apply(&self, row: &mut Vec<f64>) {
        for ((cell, shift), scale) in row.iter_mut().zip(&self.shift).zip(&self.scale) {
            *cell = (*cell - shift) / scale * self.span + self.floor;
        }
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        graph.affine(cells, [&self.shift, &self.scale], [self.span, self.floor])
    }
}
