//! The rules that hold between fields.

mod conditions;
mod layers;
mod values;

use quote::ToTokens;
use syn::{
    Ident, Type, TypeTuple,
    visit::{self, Visit},
};

use crate::{
    columns,
    containers::searchable_struct,
    errors::Errors,
    mentions,
    model::{Axis, ChoiceValues, Model, Role, plain},
    settings,
};

/// Holds what was read against the rules, after the `errors` of reading it.
pub(crate) fn model(model: &Model, mut errors: Errors) -> syn::Result<()> {
    let is_whole = errors.is_empty();
    settings::are_known(model, &mut errors);
    distinct_names(model, &mut errors);
    tuples_are_short(model, &mut errors);
    distinct_axes(model, &mut errors);
    axes_leave_the_builder_alone(model, &mut errors);
    ranges_of_numbers(model, &mut errors);
    values::are_of_their_type(model, &mut errors);
    layers_are_set_once(model, &mut errors);
    units_are_no_layers(model, &mut errors);
    layers::structs_are_not_searched(model, &mut errors);
    layers::fractions_are_values(model, &mut errors);
    columns::check(model, &mut errors);
    layers_have_one_hyperparameter(model, &mut errors);
    names_are_free(model, &mut errors);
    tests_need_no_arguments(model, &mut errors);
    // What a field that could not be read would have been is not missed.
    if is_whole {
        some_layer(model, &mut errors);
        layers::widths_are_usize(model, &mut errors);
        conditions::look_back(model, &mut errors);
        conditions::of_ties(model, &mut errors);
        conditions::rules_ask_something(model, &mut errors);
        conditions::rules_leave_something(model, &mut errors);
        conditions::hyperparameters_are_used(model, &mut errors);
        parameters_are_used(model, &mut errors);
    }
    conditions::few_architectures(model, &mut errors);
    errors.finish()
}

/// A network needs a layer.
fn some_layer(model: &Model, errors: &mut Errors) {
    if model.layers().next().is_none() {
        errors.at(&model.name, "the model has no layers: write one as a field, `output: Linear<64, 10>`");
    }
}

pub(crate) fn is_number(name: &str) -> bool {
    ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64", "bool"].contains(&name)
}

/// Two fields of one name would be named in every error of what is generated.
fn distinct_names(model: &Model, errors: &mut Errors) {
    for (at, field) in model.fields.iter().enumerate() {
        if model.fields[..at].iter().any(|earlier| earlier.name == field.name) {
            errors.at(&field.name, format!("another field is called `{}` already: rename one of the two", field.name));
        }
    }
}

/// dfdx takes tuples of up to six layers for one.
fn tuples_are_short(model: &Model, errors: &mut Errors) {
    const MOST: usize = 6;
    struct Tuples<'a>(&'a mut Errors);
    impl<'ast> Visit<'ast> for Tuples<'_> {
        fn visit_type_tuple(&mut self, tuple: &'ast TypeTuple) {
            let count = tuple.elems.len();
            if count > MOST {
                self.0.at(
                    tuple,
                    format!("a tuple has at most {MOST} layers, and this one has {count}: put layers into a tuple of their own, `((A, B, C), D, ..)`, or into another field"),
                );
            }
            visit::visit_type_tuple(self, tuple);
        }
    }
    visit_layers(model, &mut Tuples(errors));
}

/// Visits every type that layers are of.
fn visit_layers<'ast>(model: &'ast Model, visitor: &mut impl Visit<'ast>) {
    model.layers().for_each(|field| visitor.visit_type(&field.ty));
    for choice in &model.choices {
        if let ChoiceValues::Types(types) = &choice.values {
            for (_, ty) in types {
                visitor.visit_type(ty);
            }
        }
    }
}

/// The params struct has one field an axis, so no two axes have one name.
fn distinct_axes(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    for (at, axis) in axes.iter().enumerate() {
        // An axis on a searched type is a fault of its own.
        let ty = match axis {
            Axis::Layer(field, _) => Some(&field.ty),
            Axis::Inner(field) => field.inner.as_ref().map(|ty| searchable_struct(ty).1),
            Axis::Choice(_) | Axis::Train(..) | Axis::Param(..) => None,
        };
        if ty.is_some_and(|ty| model.choices.iter().any(|choice| is_param(ty, &choice.param))) {
            continue;
        }
        if axes[..at].iter().any(|earlier| earlier.name() == axis.name()) {
            let name = axis.text();
            errors.at(
                axis.name(),
                format!("a generic parameter gives its axis the name `{name}` already: rename one of the two"),
            );
        }
    }
}

/// The builder has a method for each axis, beside its own.
fn axes_leave_the_builder_alone(model: &Model, errors: &mut Errors) {
    for axis in model.axes() {
        let name = axis.text();
        if ["build", "build_with"].contains(&name.as_str()) {
            errors.at(axis.name(), format!("`{name}` is a method of the builder: give this axis another name"));
        }
    }
}

/// A range is one of numbers.
fn ranges_of_numbers(model: &Model, errors: &mut Errors) {
    for axis in model.axes() {
        let (Axis::Train(field, hyper) | Axis::Param(field, hyper)) = axis else { continue };
        let is_list = !hyper.domain.written().is_empty();
        let given = field.ty.to_token_stream().to_string();
        if !is_list && (!is_number(&given) || given == "bool") {
            errors.at(&field.ty, "a range is one of numbers: list the values in `#[grid(..)]`");
        }
    }
}

/// A setting has one source.
fn layers_are_set_once(model: &Model, errors: &mut Errors) {
    for field in model.layers() {
        let Role::Layer { axis, ties } = &field.role else { continue };
        let searched = axis.as_ref().and_then(|values| values.setting.as_ref());
        for (at, tie) in ties.iter().enumerate() {
            if searched == Some(&tie.setting) || ties[..at].iter().any(|earlier| earlier.setting == tie.setting) {
                errors.at(&tie.setting, format!("`{}` is set already: remove one of the two", tie.setting));
            }
        }
    }
}

/// dfdx takes `()` for a module but cannot build it.
fn units_are_no_layers(model: &Model, errors: &mut Errors) {
    struct Units<'a>(&'a mut Errors);
    impl<'ast> Visit<'ast> for Units<'_> {
        fn visit_type_tuple(&mut self, tuple: &'ast TypeTuple) {
            if tuple.elems.is_empty() {
                self.0.at(tuple, "`()` is no layer that can be built: write `Identity`, the layer that does nothing");
            }
            visit::visit_type_tuple(self, tuple);
        }
    }
    visit_layers(model, &mut Units(errors));
}

/// An axis on a layer needs to know what the layer has: a tuple is many layers, a searched type several.
fn layers_have_one_hyperparameter(model: &Model, errors: &mut Errors) {
    for field in model.layers() {
        let Role::Layer { axis: Some(axis), .. } = &field.role else { continue };
        if let Some(choice) = model.choices.iter().find(|choice| is_param(&field.ty, &choice.param)) {
            let message = format!(
                "`{}` stands for several layers, each with hyperparameters of its own: search one of them in a field of its own",
                choice.param
            );
            errors.at(&field.ty, message);
        }
        if let Type::Tuple(tuple) = &field.ty {
            let message = match (&field.columns, &axis.setting) {
                // The steps of a chain have their settings by name.
                (Some(_), Some(_)) => continue,
                (Some(_), None) => "name the setting of a step that is searched, as in `#[grid(value: 0.0, 1.0)]`",
                (None, _) => {
                    "a tuple of layers has no hyperparameter of its own: put the layer that is searched in a field"
                }
            };
            errors.at(tuple, message);
        }
    }
}

fn is_param(ty: &Type, param: &Ident) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident(param))
}

/// Each value of a searched parameter is compiled, which is for nothing where no layer is made of it.
fn parameters_are_used(model: &Model, errors: &mut Errors) {
    for choice in &model.choices {
        let in_types = model.choices.iter().any(|other| match &other.values {
            ChoiceValues::Types(types) => types.iter().any(|(_, ty)| mentions::name(ty, &choice.param)),
            ChoiceValues::Widths(_) => false,
        });
        if !in_types && !model.layers().any(|field| mentions::name(&field.ty, &choice.param)) {
            let (name, write) = match choice.values {
                ChoiceValues::Widths(_) => (&choice.param, "Linear<64, {}>"),
                ChoiceValues::Types(_) => (&choice.param, "(Linear<64, 64>, {})"),
            };
            let write = write.replace("{}", &name.to_string());
            errors.at(name, format!("no layer uses `{name}`: write it in the type of a field, as in `{write}`"));
        }
    }
}

/// The enum of a searched type is called after the model and the parameter.
fn names_are_free(model: &Model, errors: &mut Errors) {
    for choice in model.choices.iter().filter(|choice| matches!(choice.values, ChoiceValues::Types(_))) {
        let name = &choice.param;
        if ["Params", "Space", "Layers", "Net", "Builder"].iter().any(|taken| name == taken) {
            let taken = model.derived(&plain(name));
            errors.at(name, format!("`{taken}` is another name that dropgrid gives: rename this parameter"));
        }
    }
}

/// A test names the model without arguments.
fn tests_need_no_arguments(model: &Model, errors: &mut Errors) {
    if model.options.tests
        && let Some(param) = model.generics.params.iter().find(|param| model.choice_of(param).is_none())
    {
        errors
            .at(param, "tests need a model whose every parameter is searched: call `dropgrid::testing::check` by hand");
    }
}
