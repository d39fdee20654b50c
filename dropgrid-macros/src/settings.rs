//! The settings of the training recipe, and their names elsewhere.

use syn::Type;

use crate::{
    errors::{Errors, nearest},
    model::{Model, Role, plain},
};

/// The settings of the training recipe and their types.
const TRAIN: [(&str, &str); 38] = [
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
    ("momentum_decay", "f64"),
    ("lr_decay", "f64"),
    ("initial_accumulator_value", "f64"),
    ("decoupled_weight_decay", "bool"),
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
    ("target_transform", "TargetTransform"),
    ("sample_weights", "bool"),
    ("mc_samples", "usize"),
    ("threshold", "f64"),
];

/// The names that Keras, PyTorch, scikit-learn, XGBoost and their users have for settings.
const ALIASES: [(&str, &str); 38] = [
    ("learning_rate", "lr"),
    ("learning_rate_init", "lr"),
    ("eta", "lr"),
    ("eta0", "lr"),
    ("step_size", "lr"),
    ("epoch", "epochs"),
    ("n_epochs", "epochs"),
    ("num_epochs", "epochs"),
    ("nb_epoch", "epochs"),
    ("max_epochs", "epochs"),
    ("max_iter", "epochs"),
    ("iterations", "epochs"),
    ("n_iter", "epochs"),
    ("batch", "batch_size"),
    ("bs", "batch_size"),
    ("batches", "batch_size"),
    ("minibatch_size", "batch_size"),
    ("optimiser", "optimizer"),
    ("optim", "optimizer"),
    ("solver", "optimizer"),
    ("wd", "weight_decay"),
    ("decay", "weight_decay"),
    ("l2", "weight_decay"),
    ("beta_1", "beta1"),
    ("beta_2", "beta2"),
    ("epsilon", "eps"),
    ("rho", "alpha"),
    ("schedule_decay", "momentum_decay"),
    ("decoupled", "decoupled_weight_decay"),
    ("criterion", "loss"),
    ("loss_function", "loss"),
    ("scheduler", "schedule"),
    ("lr_scheduler", "schedule"),
    ("clipnorm", "clip_norm"),
    ("gamma", "focal_gamma"),
    ("smoothing", "label_smoothing"),
    ("transformer", "target_transform"),
    ("target_scale", "target_transform"),
];

/// A `#[train]` field has the name of a setting, and its type.
pub(crate) fn are_known(model: &Model, errors: &mut Errors) {
    for field in model.fields.iter().filter(|field| matches!(field.role, Role::Train(_))) {
        let name = plain(&field.name);
        let given = match &field.ty {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let Some((_, ty)) = TRAIN.iter().find(|(known, _)| *known == name) else {
            let is_of_a_setting =
                |given: &String| crate::check::is_number(given) || TRAIN.iter().any(|(_, ty)| ty == given);
            let advice = if given.as_ref().is_some_and(is_of_a_setting) {
                hint(&name)
            } else {
                "where it is a layer, remove `#[train]`".to_owned()
            };
            errors.at(&field.name, format!("the training recipe has no setting `{name}`: {advice}"));
            continue;
        };
        // A type of another name may be an alias; only a primitive that is surely another one is wrong here.
        if given.is_some_and(|given| given != *ty && crate::check::is_number(&given)) {
            errors.at(&field.ty, format!("the training setting `{name}` is of type `{ty}`"));
        }
    }
}

/// True of a name that a training setting has, here or elsewhere.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    let here = TRAIN.iter().map(|(known, _)| *known).find(|known| *known == name);
    here.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, known)| *known))
}

/// The type of a setting.
pub(crate) fn ty(setting: &str) -> &'static str {
    TRAIN.iter().find(|(known, _)| *known == setting).map_or("f64", |(_, ty)| ty)
}

/// A value of a type of settings that is no number.
pub(crate) fn example(ty: &str) -> Option<&'static str> {
    let example = match ty {
        "Optimizer" => "Optimizer::adam()",
        "Schedule" => "Schedule::cosine()",
        "Loss" => "Loss::CrossEntropy",
        _ => return None,
    };
    Some(example)
}

fn hint(name: &str) -> String {
    let known = TRAIN.map(|(known, _)| known);
    match named(name).or_else(|| nearest(name, &known)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the settings are {}", known.map(|known| format!("`{known}`")).join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_elsewhere_and_slips_lead_to_a_setting() {
        for (alias, known) in ALIASES {
            assert_eq!(hint(alias), format!("did you mean `{known}`?"));
            assert!(TRAIN.iter().any(|(name, _)| *name == known), "{known} is no setting");
        }
        assert_eq!(hint("weight_deacy"), "did you mean `weight_decay`?");
        assert!(hint("colour").starts_with("the settings are `lr`, "));
    }
}
