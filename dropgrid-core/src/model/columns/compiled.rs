//! Checks of columns while a model compiles: constants and bounds in the generated code.

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use crate::{
    data::{self, Row, RowColumn},
    model::Built,
    nn::{CellKind, Cells, ColumnLayer},
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

/// The fault where rows of type `R` have not so many columns.
#[doc(hidden)]
pub const fn check_width<R: Row>(width: usize) -> Option<&'static str> {
    if R::COLUMNS.len() == width {
        return None;
    }
    Some(
        "the row has another number of columns than the network takes: name each column in a field, or leave its field out \
         of the row by `#[row(skip)]`",
    )
}

/// The fault where a column of the rows is not of numbers, or may be missing.
#[doc(hidden)]
pub const fn check_numbers<R: Row>() -> Option<&'static str> {
    let mut at = 0;
    while at < R::COLUMNS.len() {
        let column = R::COLUMNS[at];
        if !matches!(column.kind, data::CellKind::Number) {
            return Some(
                "a column of the row has categories: prepare it by a field of its own, `#[columns(sex)] sex: OneHot<2>`",
            );
        }
        if column.optional {
            return Some(
                "a column of the row may be missing: prepare it by a field of its own, `#[columns(age)] age: Impute<1>`",
            );
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

/// The fault where the declared layer does not take the cells of a column of the rows that no field names, behind as many
/// `before` them that its own field names.
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

/// The fault where the declared layer does not take, as the column at this place among its own, the cells of a column of the
/// rows, which is the field of that name.
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
    Some("the row has no such column: it has no field of this name, or one that is skipped")
}

/// The fault where a layer does not take the cells of a column.
const fn misfit(column: RowColumn, takes: Cells) -> Option<&'static str> {
    match (takes.kind, column.kind) {
        (CellKind::Number, data::CellKind::Category(_)) => {
            Some("the column has categories, and the layers take numbers: begin with `OneHot`, `Ordinal` or `Embed`")
        }
        (CellKind::Category(_), data::CellKind::Number) => {
            Some("the column has numbers, and the layers take categories: an enum that derives `Category`")
        }
        (CellKind::Category(taken), data::CellKind::Category(names)) if taken != names.len() => {
            Some("the layers take another number of categories than the column has: write `OneHot<{ Sex::COUNT }>`")
        }
        _ if !takes.missing && column.optional => {
            Some("cells of the column may be missing: begin with `Impute`, as in `(Impute<1>, Standardize<1>)`")
        }
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
