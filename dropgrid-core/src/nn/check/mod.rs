//! Compile-time checks of a declared model. Generated code calls them; their items are hidden here.

mod axis_range;
mod position;
mod shape_check;
mod text;

pub use axis_range::{log_grid, log_range, range, range_or_any, stepped};
pub use position::{AnyPosition, Layer, LayerPosition, NotALayer, UnitLayer};
pub use shape_check::{
    OneShape, OutputShape, OutputShapeInTuple, Takes, TakesInTuple, one_shape, shape_check, shape_check_in_tuple,
};
pub use text::{is_alias, joined, joined_len, names, names_len, text};
