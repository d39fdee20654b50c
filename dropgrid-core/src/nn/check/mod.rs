//! Compile-time checks of a declared model, called by generated code and hidden from the documentation.
//!
//! Items that appear in compiler messages use `cfg_attr(doc, doc(hidden))`: the compiler prints the full path of an
//! item that is `doc(hidden)`.

mod axis_range;
mod gate;
mod position;
mod sentence;
mod shape_check;
mod text;
mod value;

pub use axis_range::{log_grid, log_range, range, range_or_any, stepped};
pub use gate::{
    BeforeLayer, BeforeNetwork, BeforeType, Checked, CheckedBuilt, CheckedNetwork, CheckedType, Gate, Never, Unchecked,
};
pub use position::{Allowed, AnyPosition, Builds, LayerPosition, NotALayer, Placed, Unfitted, UnitLayer};
pub(crate) use sentence::text_of;
pub use sentence::{
    AboveZero, AsManyCategories, AsManyColumns, Asked, FiniteEnds, FiniteNumber, HasColumn, HasEpsilon, HasMomentum,
    HasP, Holds, LeavesSome, LeavesSomeMore, LowFirst, NoCategories, NoMissingCells, NonNegative, NotEmpty, Once,
    Positive, Rate, ReachesTheEnd, SetOnce, Share, StepAboveZero, TakesCategories, TakesMissing, TakesNumbers,
    WholeRow, is_not, outside, set_twice, unknown,
};
pub use shape_check::{
    Anything, Begins, Columns, FlatRow, Found, Images, NamedSample, NotFound, Nothing, OneShape, Sequence, Takes,
    TakesInTuple, Then,
};
pub use text::{joined, joined_len, names, names_len, refuse, text};
pub use value::HyperparameterType;
