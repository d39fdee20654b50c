//! Properties of the steps that prepare columns, and of embeddings.

mod embed;
mod export;
mod golden;
mod groups;
mod state;

use std::collections::HashMap;

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use crate::nn::{ColumnLayer, Step, builder::*};

/// Builds a declared layer.
fn built<L: BuildOnDevice<Cpu, f32>>() -> L::Built {
    L::build_on_device(&Cpu::default())
}

/// Applies a transform to rows of `columns` cells.
fn transformed(transform: &dyn crate::nn::Transform, columns: usize, cells: &[f64]) -> Vec<f64> {
    let rows = cells.chunks_exact(columns).flat_map(|cells| {
        let mut row = cells.to_vec();
        transform.apply(&mut row);
        row
    });
    rows.collect()
}

/// Fits the steps of a chain.
fn fit_chain(chain: &mut impl ColumnLayer<f32, Cpu>, cells: &[f64]) -> crate::error::Result<()> {
    chain.fit_columns(cells)
}
