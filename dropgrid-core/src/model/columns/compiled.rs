//! Checks of columns while a model compiles: constants and bounds in the generated code.

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use crate::{
    data::{self, Row, RowColumn},
    model::Built,
    nn::{CellKind, Cells, ColumnLayer, check::text_of},
};

/// A declared layer that takes columns of the data.
#[diagnostic::on_unimplemented(
    message = "this layer does not take columns of the data",
    label = "not a step such as `Impute`, a tuple of steps, or an `Embed`",
    note = "write other layers as a field of their own, after the fields with `#[columns(..)]`",
    note = "for a layer of your own, implement `dropgrid::nn::Step`"
)]
#[doc(hidden)]
pub trait TakesColumns {
    /// Compiles where the declared layer takes columns.
    fn is() {}
}

#[diagnostic::do_not_recommend]
impl<L: BuildOnDevice<Cpu, f32>> TakesColumns for L where L::Built: ColumnLayer<f32, Cpu> {}

/// The number of columns that the declared layer takes.
#[doc(hidden)]
pub const fn columns_of<L: BuildOnDevice<Cpu, f32>>() -> usize
where
    L::Built: ColumnLayer<f32, Cpu>,
{
    <Built<L> as ColumnLayer<f32, Cpu>>::COLUMNS
}

/// The number of numbers that the declared layer gives for a row.
#[doc(hidden)]
pub const fn width_of<L: BuildOnDevice<Cpu, f32>>() -> usize
where
    L::Built: ColumnLayer<f32, Cpu>,
{
    <Built<L> as ColumnLayer<f32, Cpu>>::WIDTH
}

/// The positions of columns that are named, and then those from `first` on.
#[doc(hidden)]
pub const fn positions<const N: usize>(named: &[usize], first: usize) -> [usize; N] {
    let (mut positions, mut at) = ([0; N], 0);
    while at < N {
        positions[at] = if at < named.len() { named[at] } else { first + at - named.len() };
        at += 1;
    }
    positions
}

/// The fault where the layers of a field take another number of columns than it `names`.
#[doc(hidden)]
pub const fn check_count<L: BuildOnDevice<Cpu, f32>>(names: usize) -> Option<&'static str>
where
    L::Built: ColumnLayer<f32, Cpu>,
{
    if columns_of::<L>() == names { None } else { Some(text_of!(AsManyColumns<()>)) }
}

/// The fault where rows of type `R` have not so many columns.
#[doc(hidden)]
pub const fn check_width<R: Row>(width: usize) -> Option<&'static str> {
    if R::COLUMNS.len() == width {
        return None;
    }
    Some(text_of!(WholeRow))
}

/// The fault where a column of the rows is not of numbers, or may be missing.
#[doc(hidden)]
pub const fn check_numbers<R: Row>() -> Option<&'static str> {
    let mut at = 0;
    while at < R::COLUMNS.len() {
        let column = R::COLUMNS[at];
        if !matches!(column.kind, data::CellKind::Number) {
            return Some(text_of!(NoCategories));
        }
        if column.optional {
            return Some(text_of!(NoMissingCells));
        }
        at += 1;
    }
    None
}

/// The name of the column that a field of the rows is; the field's own where there is none.
#[doc(hidden)]
pub const fn column_name<R: Row>(field: &'static str) -> &'static str {
    let mut at = 0;
    while at < R::COLUMNS.len() {
        if same(R::COLUMNS[at].field, field) {
            return R::COLUMNS[at].name;
        }
        at += 1;
    }
    field
}

/// The fault where the declared layer does not take the cells of a column of the rows that no field names, behind as
/// many `before` them that its own field names.
#[doc(hidden)]
pub const fn check_rest<R: Row, L: BuildOnDevice<Cpu, f32>>(named: &[&str], before: usize) -> Option<&'static str>
where
    L::Built: ColumnLayer<f32, Cpu>,
{
    let (mut at, mut rest_at) = (0, before);
    while at < R::COLUMNS.len() {
        let (mut other, mut is_named) = (0, false);
        while other < named.len() {
            is_named = is_named || same(named[other], R::COLUMNS[at].field);
            other += 1;
        }
        if !is_named {
            let fault = misfit(R::COLUMNS[at], <Built<L> as ColumnLayer<f32, Cpu>>::TAKES.of(rest_at));
            if fault.is_some() {
                return fault;
            }
            rest_at += 1;
        }
        at += 1;
    }
    None
}

/// The fault where the declared layer does not take, as the column at this place among its own, the cells of a column
/// of the rows, which is the field of that name.
#[doc(hidden)]
pub const fn check_column<R: Row, L: BuildOnDevice<Cpu, f32>>(name: &str, place: usize) -> Option<&'static str>
where
    L::Built: ColumnLayer<f32, Cpu>,
{
    let mut at = 0;
    while at < R::COLUMNS.len() {
        if same(R::COLUMNS[at].field, name) {
            return misfit(R::COLUMNS[at], <Built<L> as ColumnLayer<f32, Cpu>>::TAKES.of(place));
        }
        at += 1;
    }
    Some(text_of!(HasColumn))
}

/// The fault where a layer does not take the cells of a column.
const fn misfit(column: RowColumn, takes: Cells) -> Option<&'static str> {
    match (takes.kind, column.kind) {
        (CellKind::Number, data::CellKind::Category(_)) => Some(text_of!(TakesCategories)),
        (CellKind::Category(_), data::CellKind::Number) => Some(text_of!(TakesNumbers)),
        (CellKind::Category(taken), data::CellKind::Category(names)) if taken != names.len() => {
            Some(text_of!(AsManyCategories))
        }
        _ if !takes.missing && column.optional => Some(text_of!(TakesMissing)),
        _ => None,
    }
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}
