//! Traits of layers beside those of dfdx: the program of a training step, hyperparameters, the input shape, codes,
//! statistics of the data and the export to ONNX.

mod cells;
mod codes;
mod column_chain;
mod column_layer;
mod export;
pub(super) mod input;
pub(super) mod lower;
mod preprocess;
mod range;
mod setting_table;
mod step;
mod tunable;
mod tunable_spec;

pub use cells::{CellKind, Cells, ColumnCells};
pub use codes::{InputCodes, NoCodes, TakesCodes};
pub use column_layer::{ColumnLayer, LowerColumns};
pub use export::{Export, ExportFn, Exports, NoExport, export_layer};
pub use input::{FixesInput, InputShape, Seq, SeqEnd, TakesInput};
pub use lower::Lower;
pub(crate) use lower::{evaluation_program, program, write_back};
pub use preprocess::{FitStatistics, NoStatistics, PositionIndependent, Preprocess, Statistics};
pub use range::Range;
pub use setting_table::SettingTable;
pub use step::Step;
pub(super) use tunable::str_eq;
pub use tunable::{Settings, Tunable, range_of};
pub use tunable_spec::{SettingsLayer, SettingsSpec, TunableLayer, TunableSpec, column_settings_spec};
