//! The rules that hold between fields.

use quote::ToTokens;
use syn::{
    Ident, Type, TypeTuple,
    visit::{self, Visit},
};

use crate::{
    errors::{Errors, nearest},
    mentions,
    model::{Axis, ChoiceValues, Model, Role, plain},
};

/// The settings of the training recipe and their types.
const TRAIN: [(&str, &str); 33] = [
    ("lr", "f64"),
    ("epochs", "usize"),
    ("batch_size", "usize"),
    ("optimizer", "Optimizer"),
    ("momentum", "f64"),
    ("nesterov", "bool"),
    ("weight_decay", "f64"),
    ("beta1", "f64"),
    ("beta2", "f64"),
    ("eps", "f64"),
    ("amsgrad", "bool"),
    ("dampening", "f64"),
    ("alpha", "f64"),
    ("centered", "bool"),
    ("schedule", "Schedule"),
    ("clip_norm", "f64"),
    ("clip_value", "f64"),
    ("accumulate", "usize"),
    ("drop_last", "bool"),
    ("shuffle", "bool"),
    ("ema", "f64"),
    ("early_stopping", "EarlyStopping"),
    ("patience", "usize"),
    ("min_delta", "f64"),
    ("loss", "Loss"),
    ("label_smoothing", "f64"),
    ("class_weight", "ClassWeight"),
    ("pos_weight", "f64"),
    ("huber_delta", "f64"),
    ("focal_gamma", "f64"),
    ("sample_weights", "bool"),
    ("mc_samples", "usize"),
    ("threshold", "f64"),
];

/// Architectures that are compiled without being asked for by name: each is a network of its own for the compiler.
const MAX_ARCHITECTURES: usize = 64;

/// Holds what was read against the rules, after the `errors` of reading it.
pub(crate) fn model(model: &Model, mut errors: Errors) -> syn::Result<()> {
    let is_whole = errors.is_empty();
    known_settings(model, &mut errors);
    distinct_axes(model, &mut errors);
    axes_leave_the_builder_alone(model, &mut errors);
    ranges_of_numbers(model, &mut errors);
    layers_are_set_once(model, &mut errors);
    units_are_no_layers(model, &mut errors);
    layers_have_one_hyperparameter(model, &mut errors);
    names_are_free(model, &mut errors);
    tests_need_no_arguments(model, &mut errors);
    few_architectures(model, &mut errors);
    // What a field that could not be read would have been is not missed.
    if is_whole {
        some_layer(model, &mut errors);
        conditions_look_back(model, &mut errors);
        rules_ask_something(model, &mut errors);
        hyperparameters_are_used(model, &mut errors);
        parameters_are_used(model, &mut errors);
    }
    errors.finish()
}

/// A network needs a layer.
fn some_layer(model: &Model, errors: &mut Errors) {
    if model.layers().next().is_none() {
        errors.at(&model.name, "the model has no layers: write one as a field, `output: Linear<64, 10>`");
    }
}

/// A `#[train]` field has the name of a setting, and its type.
fn known_settings(model: &Model, errors: &mut Errors) {
    let names = TRAIN.map(|(name, _)| name);
    for field in model.fields.iter().filter(|field| matches!(field.role, Role::Train(_))) {
        let name = plain(&field.name);
        let Some((_, ty)) = TRAIN.iter().find(|(known, _)| *known == name) else {
            let hint = nearest(&name, &names).map_or_else(
                || format!("the settings are {}", names.map(|known| format!("`{known}`")).join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            errors.at(&field.name, format!("the training recipe has no setting `{name}`: {hint}"));
            continue;
        };
        let given = match &field.ty {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        // A type of another name may be an alias; only a primitive that is surely another one is wrong here.
        if given.is_some_and(|given| given != *ty && is_number(&given)) {
            errors.at(&field.ty, format!("the training setting `{name}` is of type `{ty}`"));
        }
    }
}

fn is_number(name: &str) -> bool {
    ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64", "bool"].contains(&name)
}

/// The params struct has one field an axis, so no two axes have one name.
fn distinct_axes(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    for (at, axis) in axes.iter().enumerate() {
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

/// A condition asks axes that are declared before it, so that candidates can be counted one axis after another.
fn conditions_look_back(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    for (at, axis) in axes.iter().enumerate() {
        let Some(when) = axis.when() else { continue };
        let mentions = mentions::of(when, &axes);
        if mentions.is_empty() {
            errors.at(when, "this condition asks no hyperparameter: name one that is declared before this field");
        }
        for (_, name) in mentions.iter().filter(|(asked, _)| *asked >= at) {
            let text = plain(name);
            let message = if axis.name() == name {
                format!("`{text}` cannot decide whether it exists itself")
            } else {
                format!("`{text}` is declared later: move it before `{}`", axis.text())
            };
            errors.at(name, message);
        }
    }
}

/// A rule that asks no axis holds for every candidate or for none.
fn rules_ask_something(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    for forbid in &model.options.forbid {
        if mentions::of(forbid, &axes).is_empty() {
            errors.at(forbid, "this rule asks no hyperparameter: name the axes whose values do not go together");
        }
    }
}

/// A hyperparameter of the model's own does something only where a layer or a condition asks it.
fn hyperparameters_are_used(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    let mut used: Vec<usize> = Vec::new();
    for expr in model.ties().map(|tie| &tie.value).chain(axes.iter().filter_map(Axis::when)) {
        used.extend(mentions::of(expr, &axes).iter().map(|(at, _)| *at));
    }
    for (at, axis) in axes.iter().enumerate() {
        if matches!(axis, Axis::Param(..)) && !used.contains(&at) {
            let name = axis.text();
            errors.at(
                axis.name(),
                format!("nothing uses the hyperparameter `{name}`: tie a layer to it by `#[set(p = {name})]`, or put `#[train]` on it"),
            );
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
    let mut units = Units(errors);
    model.layers().for_each(|field| units.visit_type(&field.ty));
    for choice in &model.choices {
        if let ChoiceValues::Types(types) = &choice.values {
            for (_, ty) in types {
                units.visit_type(ty);
            }
        }
    }
}

/// An axis on a layer needs to know what the layer has: a tuple is many layers, a searched type several.
fn layers_have_one_hyperparameter(model: &Model, errors: &mut Errors) {
    for field in model.layers() {
        let Role::Layer { axis: Some(_), .. } = &field.role else { continue };
        if let Some(choice) = model.choices.iter().find(|choice| is_param(&field.ty, &choice.param)) {
            let message = format!(
                "`{}` stands for several layers, each with hyperparameters of its own: search one of them in a field of its own",
                choice.param
            );
            errors.at(&field.ty, message);
        }
        if let Type::Tuple(tuple) = &field.ty {
            let message =
                "a tuple of layers has no hyperparameter of its own: put the layer that is searched in a field";
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

/// Every architecture is compiled: many of them take the compiler long, which should not happen by accident.
fn few_architectures(model: &Model, errors: &mut Errors) {
    let count = model.architectures();
    let (most, place) = match &model.options.max_architectures {
        Some(limit) => (limit.base10_parse().unwrap_or(0), limit.to_token_stream()),
        None => (MAX_ARCHITECTURES, model.name.to_token_stream()),
    };
    if count > most {
        let message = format!(
            "this model has {count} architectures to compile, more than {most}: write `#[searchable(max_architectures = {count})]`"
        );
        errors.at(place, message);
    }
}
