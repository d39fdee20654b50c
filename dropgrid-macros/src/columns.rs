//! The rules of the fields that take columns of the data.

use quote::ToTokens;

use crate::{
    errors::Errors,
    model::{ColumnName, Model},
};

/// Holds the fields with `#[columns(..)]`, and `rows = ..`, against their rules.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    rows_say_the_shape(model, errors);
    if model.column_fields().next().is_none() {
        return;
    }
    stand_at_the_head(model, errors);
    name_the_rest_once(model, errors);
    names_are_fields_of_rows(model, errors);
    columns_say_the_shape(model, errors);
    every_parameter_is_searched(model, errors);
}

/// The type of a row says how many columns there are.
fn rows_say_the_shape(model: &Model, errors: &mut Errors) {
    if let (Some(rows), Some(_)) = (&model.options.rows, &model.options.input) {
        errors.at(rows, "`rows` says how long a row of the data is: remove `input`");
    }
}

/// Only the first fields see the data.
fn stand_at_the_head(model: &Model, errors: &mut Errors) {
    let mut behind = None;
    for field in model.layers() {
        match (&field.columns, behind) {
            (Some(columns), Some(earlier)) => {
                let message = format!(
                    "fields with `#[columns(..)]` stand at the head of the network: move this one before `{earlier}`"
                );
                errors.at(&columns.attr, message);
            }
            (None, None) => behind = Some(&field.name),
            _ => {}
        }
    }
    if behind.is_none()
        && let Some((field, _)) = model.column_fields().last()
    {
        let message = format!(
            "nothing takes what the columns give: write a layer behind `{0}`, as `output: Linear<4, 1>`",
            field.name
        );
        errors.at(&field.name, message);
    }
}

/// The columns that no field names are in one field.
fn name_the_rest_once(model: &Model, errors: &mut Errors) {
    let mut rest = model.column_fields().filter(|(_, columns)| columns.rest);
    let Some((first, _)) = rest.next() else { return };
    for (_, columns) in rest {
        let message = format!("`{}` takes all columns that no field names: name columns here", first.name);
        errors.at(&columns.attr, message);
    }
}

/// A row has its columns by the names of fields; the compiler finds those that it has not.
fn names_are_fields_of_rows(model: &Model, errors: &mut Errors) {
    if model.options.rows.is_none() {
        return;
    }
    for name in model.column_fields().flat_map(|(_, columns)| &columns.names) {
        if let ColumnName::Text(text) = name {
            errors.at(text, "name the field of the row that is this column");
        }
    }
}

/// The columns are the input.
fn columns_say_the_shape(model: &Model, errors: &mut Errors) {
    if model.options.input.is_some()
        && let Some((field, _)) = model.column_fields().next()
    {
        let message = "the columns that fields take are the input of the network: remove `input`";
        errors.at(&field.name, message);
    }
}

/// The widths of columns are added up before the network is used.
fn every_parameter_is_searched(model: &Model, errors: &mut Errors) {
    if let Some(param) = model.generics.params.iter().find(|param| model.choice_of(param).is_none()) {
        let message = "a model that takes columns has no parameters but those that are searched: write the value, or an axis on it";
        errors.at(param.to_token_stream(), message);
    }
}
