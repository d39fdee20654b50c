//! Checks that a recipe's loss suits the data.

use std::fmt::Display;

use super::{CustomLoss, Link, TrainTarget};
use crate::{
    data::{Dataset, Truth, batches::width},
    error::{Error, Result},
    model::short_name,
    recipe::{ClassWeight, OwnLoss, PosWeight, TargetTransform, Train},
};

/// Checks that the loss and its settings suit the targets of `data`.
///
/// Each setting is checked against the targets only. Any combination of valid settings is valid.
///
/// # Errors
/// [`Error::Unfit`] if a setting does not suit the targets; [`Error::NoWeights`] if the recipe uses sample weights and
/// the data has none.
pub(crate) fn check<T: TrainTarget>(recipe: &Train, data: &Dataset<T>) -> Result<()> {
    let Train { loss, label_smoothing, class_weight, pos_weight, threshold, sample_weights, .. } = recipe;
    let refuse = |setting, value: &dyn Display, expected: &str| {
        let (value, target, expected) = (value.to_string(), short_name::<T>(), expected.to_owned());
        Err(Error::Unfit { setting, value, target, expected })
    };
    check_targets(recipe.target_transform, data)?;
    if let Some(own) = &recipe.own_loss {
        return check_own::<T>(recipe, own);
    }
    let losses = T::LINK.map_or([].as_slice(), Link::losses);
    if let Some(loss) = loss
        && !losses.contains(loss)
    {
        let names: Vec<String> = losses.iter().map(ToString::to_string).collect();
        let expected = if names.is_empty() { "none but their own".to_owned() } else { names.join(" or ") };
        return refuse("loss", loss, &expected);
    }
    let has_classes = matches!(T::LINK, Some(Link::Softmax | Link::Logistic));
    if *label_smoothing != 0.0 && !has_classes {
        return refuse("label_smoothing", label_smoothing, "0, since there are no labels");
    }
    let (classes, outputs) = (data.targets().width(), width::<T::Output>());
    let labelled = has_classes && data.targets().strata().is_some();
    match class_weight {
        ClassWeight::Uniform => {}
        other if !labelled => return refuse("class_weight", other, "uniform, since a row is not of one class"),
        ClassWeight::Given(weights) if weights.len() != classes => {
            return refuse("class_weight", class_weight, &format!("a weight for each of the {classes} classes"));
        }
        _ => {}
    }
    let is_logistic = T::LINK == Some(Link::Logistic);
    match pos_weight {
        PosWeight::Same(1.0) => {}
        other if !is_logistic => return refuse("pos_weight", other, "1, since an output is not a yes or no"),
        PosWeight::Given(weights) if weights.len() != outputs => {
            let expected = if outputs == 1 { "1 weight".to_owned() } else { format!("{outputs} weights") };
            return refuse("pos_weight", pos_weight, &expected);
        }
        _ => {}
    }
    if *threshold != 0.5 && !is_logistic {
        return refuse("threshold", threshold, "0.5, since no output is a yes or no");
    }
    if *sample_weights && T::LINK.is_none() {
        return refuse("sample_weights", &true, "false, since their own loss weighs its rows");
    }
    if *sample_weights && data.weights().is_none() { Err(Error::NoWeights) } else { Ok(()) }
}

/// Checks that the transform is defined for every target.
fn check_targets<T: TrainTarget>(transform: TargetTransform, data: &Dataset<T>) -> Result<()> {
    if transform == TargetTransform::None {
        return Ok(());
    }
    let refuse = |expected| {
        let (setting, value, target) = ("target_transform", transform.to_string(), short_name::<T>());
        Err(Error::Unfit { setting, value, target, expected })
    };
    let rows: Vec<usize> = (0..data.len()).collect();
    let truth = data.targets().truth(&rows);
    let Some(numbers) =
        T::Kind::numbers(&truth).filter(|numbers| data.targets().with_numbers(numbers.to_vec()).is_some())
    else {
        return refuse("none, since they are no numbers".to_owned());
    };
    let Some(lowest) = transform.lowest() else { return Ok(()) };
    match numbers.iter().position(|&number| number <= lowest) {
        None => Ok(()),
        Some(at) => {
            let (row, number) = (at / data.targets().width() + 1, numbers[at]);
            refuse(format!("numbers above {lowest}, and row {row} has {number}"))
        }
    }
}

/// Checks that a custom loss suits these targets and that no setting of the built-in losses is set.
fn check_own<T: TrainTarget>(recipe: &Train, own: &OwnLoss) -> Result<()> {
    if CustomLoss::<T>::of(own).is_none() {
        let (value, target) = (own.name().to_owned(), short_name::<T>());
        return Err(Error::Unfit { setting: "loss", value, target, expected: "a loss for these".to_owned() });
    }
    let Train { loss, label_smoothing, class_weight, pos_weight, sample_weights, .. } = recipe;
    let plain = Train::default();
    let given = [
        ("loss", *loss != plain.loss, loss.map_or_else(String::new, |loss| loss.to_string())),
        ("label_smoothing", *label_smoothing != plain.label_smoothing, label_smoothing.to_string()),
        ("class_weight", *class_weight != plain.class_weight, class_weight.to_string()),
        ("pos_weight", *pos_weight != plain.pos_weight, pos_weight.to_string()),
        ("sample_weights", *sample_weights != plain.sample_weights, sample_weights.to_string()),
    ];
    match given.into_iter().find(|(_, is_given, _)| *is_given) {
        Some((setting, _, value)) => {
            Err(Error::Setting { setting, value, expected: "nothing, since the search has a loss of its own" })
        }
        None => Ok(()),
    }
}
