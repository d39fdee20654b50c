//! The rules that hold between fields.

use crate::{
    errors::{Errors, nearest},
    model::{Model, Role},
};

/// The settings of the training recipe that can be searched.
const TRAIN: [&str; 3] = ["lr", "epochs", "batch_size"];

pub(crate) fn model(model: &Model) -> syn::Result<()> {
    let mut errors = Errors::default();
    some_layer(model, &mut errors);
    known_settings(model, &mut errors);
    distinct_axes(model, &mut errors);
    errors.finish()
}

/// A network needs a layer.
fn some_layer(model: &Model, errors: &mut Errors) {
    if model.layers().next().is_none() {
        errors.at(&model.name, "the model has no layers: write one as a field, `output: Linear<64, 10>`");
    }
}

/// A `#[train]` field has the name of a setting.
fn known_settings(model: &Model, errors: &mut Errors) {
    for field in &model.fields {
        let name = field.name.to_string();
        if matches!(field.role, Role::Train(_)) && !TRAIN.contains(&name.as_str()) {
            let near = match nearest(&name, &TRAIN) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the settings are {}", TRAIN.map(|known| format!("`{known}`")).join(", ")),
            };
            errors.at(&field.name, format!("the training recipe has no setting `{name}`: {near}"));
        }
    }
}

/// The params struct has one field an axis, so no two axes have one name.
fn distinct_axes(model: &Model, errors: &mut Errors) {
    let axes: Vec<_> = model.axes().collect();
    for (at, axis) in axes.iter().enumerate() {
        if axes[..at].iter().any(|earlier| earlier.name() == axis.name()) {
            let name = axis.name();
            errors
                .at(name, format!("a const parameter gives its axis the name `{name}` already: rename one of the two"));
        }
    }
}
