//! Data: validated features and targets, the views that a fold hands out, and batches of rows as tensors.

#[cfg(feature = "ndarray")]
mod arrays;
#[cfg(feature = "arrow")]
mod arrow;
pub mod batches;
mod cell;
mod csv;
mod dataset;
mod features;
mod fit_rows;
mod moments;
mod names;
#[cfg(feature = "npy")]
mod npy;
mod numbers;
mod row;
mod table;
mod target;
mod views;
mod weights;
mod windows;

pub use self::csv::Csv;
#[cfg(feature = "parquet")]
pub use arrow::Parquet;
pub use cell::DateOrder;
pub use dataset::Dataset;
pub(crate) use features::LearnedColumns;
pub use features::{FeatureKind, Features, FloatRow, UNKNOWN};
pub use fit_rows::FitRows;
pub(crate) use moments::Moments;
#[cfg(feature = "npy")]
pub use npy::{NpyArray, NpzArchive};
pub use row::{Category, Cell, CellKind, Row, RowColumn, TypedDataset};
pub use table::{Column, Description, FromColumns, InColumns, Kind, Table};
pub use target::{Binary, Classes, Flags, Label, Labels, MultiLabel, Regression, Target, Truth, Values};
pub use views::{Fit, Score, Validation};
pub(crate) use weights::check as check_weights;
pub use windows::Windows;
