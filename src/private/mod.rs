//! The names that the code of `#[searchable]` uses. Not for use by hand: they change without notice.

mod columns;
mod constant;
mod entry;
mod nested;
mod nested_part;
mod network;
mod params;
mod space;

pub use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, TensorCollection},
    },
    shapes::{ConstShape, Dtype, Rank1, Shape},
    tensor::{Cpu, NoneTape, OwnedTape, Tensor},
    tensor_ops::Device,
};
#[cfg(not(feature = "search"))]
pub use dropgrid_core::error::{Off, SearchFeature};
pub use dropgrid_core::{
    Result,
    data::{Category, Cell, CellKind, FitRows, Row, RowColumn},
    graph::{Edge, Graph},
    model::{
        AnyRow, Architecture, Built, CheckedInner, CheckedParams, CheckedSpace, CheckedStruct, Choice, Chosen,
        ColumnField, Ending, EndsIn, FieldOfColumns, Init, LastLayer, Model, ModelColumns, Nested, NoObstacle,
        NotGiven, OtherLast, OutputOf, SearchableLayer, SearchableStruct, SearchedParameter, TakesColumns,
        TrainingSetting, Visit, VisitTaped, Visitor, Width, WithoutColumns, WithoutParameters, WithoutTraining,
        check_column, check_count, check_numbers, check_rest, check_width, column_name, columns_of, compiled, ending,
        exists, positions, width_of,
    },
    nn::{
        ColumnLayer, Export, Exports, InputCodes, InputShape, Lower, LowerColumns, NoCodes, NoExport, NoStatistics,
        PositionIndependent, Preprocess, Range, Seq, SeqEnd, SettingsLayer, SettingsSpec, Statistics, TakesCodes,
        TakesInput, TunableLayer, TunableSpec,
        check::{
            AboveZero, AnyPosition, AsManyCategories, AsManyColumns, Asked, Begins, Builds, Checked, CheckedBuilt,
            CheckedNetwork, CheckedType, Columns, FiniteEnds, FiniteNumber, Gate, HasColumn, HasEpsilon, HasMomentum,
            HasP, Holds, HyperparameterType, LayerPosition, LeavesSome, LeavesSomeMore, LowFirst, NoCategories,
            NoMissingCells, NonNegative, NotALayer, NotEmpty, Nothing, Once, OneShape, Placed, Positive, Rate,
            ReachesTheEnd, SetOnce, Share, StepAboveZero, Takes, TakesCategories, TakesInTuple, TakesMissing,
            TakesNumbers, Unchecked, WholeRow, is_not, joined, joined_len, log_grid, log_range, names, names_len,
            outside, range, range_or_any, refuse, set_twice, stepped, text, unknown,
        },
        column_settings_spec,
        columns::{
            Batch, CellMatrix, ColumnOrigins, builder::Origins, export_cells, export_part, fit_part, lower_part,
            side_by_side, split_tape,
        },
        export_layer, range_of,
    },
    program::{Program, Value},
    recipe::Train,
    seed::Seed,
    space::{
        Axis, AxisInfo, Continuous, Finite, FiniteSpace, InnerRules, Interval, Iter, KindWith, Listed, NamePart,
        NamedKind, Params, Position, Rule, RuleKind, Space, all_names, asked, asked_len, flat, flat_len, literal,
        names_count, names_len as all_names_len, names_text, rules, rules_count, rules_len, rules_text, starts, steady,
        written,
    },
};
#[cfg(feature = "search")]
pub use dropgrid_core::{search::Search, strategy::Strategy, testing};
pub use rand_chacha::ChaCha8Rng;
pub use serde;
pub use std::vec::Vec;

pub use crate::{
    __dropgrid_build as build, __dropgrid_choice as choice, __dropgrid_column_network as column_network,
    __dropgrid_declared as declared, __dropgrid_distinct as distinct, __dropgrid_entry as entry,
    __dropgrid_input as input, __dropgrid_inside as inside, __dropgrid_iteration as iteration,
    __dropgrid_joined as joined, __dropgrid_joined_names as joined_names, __dropgrid_known as known,
    __dropgrid_layer_input as layer_input, __dropgrid_modules as modules, __dropgrid_names as names,
    __dropgrid_nested_iteration as nested_iteration, __dropgrid_nested_params as nested_params,
    __dropgrid_nested_part as nested_part, __dropgrid_nested_space as nested_space, __dropgrid_network as network,
    __dropgrid_params as params, __dropgrid_search as search, __dropgrid_space as space, __dropgrid_visit as visit,
};

/// A vector of the items, where `Vec` and `From` may mean something else.
pub fn vec<T, const N: usize>(items: [T; N]) -> Vec<T> {
    Vec::from(items)
}

/// An axis of these values. Its type is written, so that a wrong value is an error at the value.
pub fn list<T, const N: usize>(values: [T; N]) -> Axis<T> {
    Axis::list(values)
}

/// Gives a value the type of its axis, so that a wrong one is an error at the value.
pub fn value<T>(value: T) -> T {
    value
}

/// A field's name without the `r#` that lets a keyword be one.
pub fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The check of an axis whose layer can have every value, or that no layer has.
pub fn any<T>(_: &T) -> Result<()> {
    Ok(())
}

/// The check of a layer's principal hyperparameter, declared as the field `name`.
pub fn tunable<T>(spec: TunableSpec<T>, name: &'static str) -> impl Fn(&f64) -> Result<()> {
    move |value| spec.check(name, *value)
}

/// The check of a layer's setting by name, declared as the field `name`.
pub fn setting<T>(spec: SettingsSpec<T>, name: &'static str, setting: &'static str) -> impl Fn(&f64) -> Result<()> {
    move |value| spec.check(name, setting, *value)
}

/// The check of a width: that it was compiled.
pub fn width(name: &'static str, widths: &'static [usize]) -> impl Fn(&usize) -> Result<()> {
    move |value| compiled(name, [*value], widths)
}

/// The check of a training setting, which `set` gives to a recipe.
pub fn trained<T: Clone>(set: impl Fn(Train, T) -> Train) -> impl Fn(&T) -> Result<()> {
    move |value| set(Train::default(), value.clone()).check()
}
