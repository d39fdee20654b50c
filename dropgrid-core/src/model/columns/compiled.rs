//! Checks of columns while a model compiles: constants and bounds in the generated code.

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use crate::{
    data::{self, Row, RowColumn},
    model::Built,
    nn::{CellKind, Cells, ColumnLayer},
};

/// A declared layer that takes columns of the data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take columns of the data",
    label = "not a step such as `Impute`, a tuple of steps, or an `Embed`",
    note = "write other layers as a field of their own, after the fields with `#[columns(..)]`",
    note = "for a layer of your own, implement `dropgrid::nn::Step`"
)]
#[doc(hidden)]
pub trait TakesColumns {}

#[diagnostic::do_not_recommend]
impl<L: BuildOnDevice<Cpu, f32>> TakesColumns for L where L::Built: ColumnLayer<f32, Cpu> {}

/// Compiles where the declared layer takes columns.
#[doc(hidden)]
pub fn column_layer<L: TakesColumns>() {}

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

/// Compiles where rows of type `R` have so many columns.
#[doc(hidden)]
pub const fn check_width<R: Row>(width: usize) {
    assert!(
        R::COLUMNS.len() == width,
        "the row has another number of columns than the network takes: name each column in a field, or leave its field out \
         of the row by `#[row(skip)]`"
    );
}

/// Compiles where every column of the rows is of numbers, and none of them is missing.
#[doc(hidden)]
pub const fn check_numbers<R: Row>() {
    let mut at = 0;
    while at < R::COLUMNS.len() {
        let column = R::COLUMNS[at];
        assert!(
            matches!(column.kind, data::CellKind::Number),
            "a column of the row has categories: prepare it by a field of its own, `#[columns(sex)] sex: OneHot<2>`"
        );
        assert!(
            !column.optional,
            "a column of the row may be missing: prepare it by a field of its own, `#[columns(age)] age: Impute<1>`"
        );
        at += 1;
    }
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

/// Compiles where the declared layer takes the cells of every column of the rows that no field names, behind as many `before`
/// them that its own field names.
#[doc(hidden)]
pub const fn check_rest<R: Row, L: BuildOnDevice<Cpu, f32>>(named: &[&str], before: usize)
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
            fits(R::COLUMNS[at], <Built<L> as ColumnLayer<f32, Cpu>>::TAKES.of(rest_at));
            rest_at += 1;
        }
        at += 1;
    }
}

/// Compiles where the declared layer takes, as the column at this place among its own, the cells of a column of the rows, which
/// is the field of that name.
#[doc(hidden)]
pub const fn check_column<R: Row, L: BuildOnDevice<Cpu, f32>>(name: &str, place: usize)
where
    L::Built: ColumnLayer<f32, Cpu>,
{
    let mut at = 0;
    while at < R::COLUMNS.len() {
        if same(R::COLUMNS[at].field, name) {
            return fits(R::COLUMNS[at], <Built<L> as ColumnLayer<f32, Cpu>>::TAKES.of(place));
        }
        at += 1;
    }
    panic!("the row has no such column: it has no field of this name, or one that is skipped")
}

/// Panics where a layer does not take the cells of a column.
const fn fits(column: RowColumn, takes: Cells) {
    match (takes.kind, column.kind) {
        (CellKind::Number, data::CellKind::Category(_)) => {
            panic!("the column has categories, and the layers take numbers: begin with `OneHot`, `Ordinal` or `Embed`")
        }
        (CellKind::Category(_), data::CellKind::Number) => {
            panic!("the column has numbers, and the layers take categories: an enum that derives `Category`")
        }
        (CellKind::Category(taken), data::CellKind::Category(names)) => {
            assert!(
                taken == names.len(),
                "the layers take another number of categories than the column has: write `OneHot<{{ Sex::COUNT }}>`"
            );
        }
        _ => {}
    }
    assert!(
        takes.missing || !column.optional,
        "cells of the column may be missing: begin with `Impute`, as in `(Impute<1>, Standardize<1>)`"
    );
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}
