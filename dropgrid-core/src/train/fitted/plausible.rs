//! Checks that a training could have written a file. The digest does not prove this, since an editor of the file can
//! recompute it.

use std::collections::{BTreeMap, HashSet};

use super::header::Header;
use crate::{
    data::{Target, Truth},
    error::{Result, TensorFault},
    model::Model,
    recipe::Train,
    train::state_dict::StateTensor,
};

/// Returns the faults in the names of classes or flags and in the threshold, each as `part is this, expected that`.
pub(super) fn name_faults<T: Target>(header: &Header) -> Vec<String> {
    let mut differences = Vec::new();
    if !(0.0..1.0).contains(&header.threshold) {
        differences.push(format!("its threshold is {}, expected a number in [0, 1)", header.threshold));
    }
    if let Some(scaler) = &header.targets {
        let is_of_numbers = T::Kind::numbers(&[]).is_some();
        differences.extend(if is_of_numbers {
            scaler.fault(header.output.iter().product())
        } else {
            Some("it transforms its targets, which are no numbers".to_owned())
        });
    }
    let Some(names) = &header.names else { return differences };
    match T::NAMED {
        Some(0) => differences.push(format!("it names {} classes, but the target has none", names.len())),
        Some(expected) if names.len() != expected => {
            differences.push(format!("it has {} names, expected {expected}, one a class or flag", names.len()));
        }
        _ => {}
    }
    if let Some(name) = repeated(names) {
        differences.push(format!("two of its classes or flags are named `{name}`"));
    }
    differences
}

/// Returns the first fault in the names, categories or origins of the columns, as `part is this, expected that`.
/// `width` is the width of the network's input.
pub(super) fn column_fault(header: &Header, width: usize) -> Option<String> {
    if let Some(origins) = &header.origins {
        if origins.len() != width {
            return Some(format!("it has {} origins, expected {width}, one a number of the input", origins.len()));
        }
        // Numbers in JSON are finite, but may be outside of single precision.
        if let Some(origin) = origins.iter().find(|origin| !(**origin as f32).is_finite()) {
            return Some(format!("an origin is {origin:e}, expected a number within single precision"));
        }
    }
    if let Some(categories) = &header.categories {
        if categories.len() != width {
            return Some(format!("it has the categories of {} columns, expected {width}", categories.len()));
        }
        let twice = categories.iter().flatten().find_map(|names| repeated(names));
        if let Some(name) = twice {
            return Some(format!("two categories of a column are named `{name}`"));
        }
    }
    let columns = header.columns.as_ref()?;
    if columns.len() != width {
        return Some(format!("it names {} columns, expected {width}, one a number of the input", columns.len()));
    }
    let column = repeated(columns)?;
    Some(format!("two of its columns are named `{column}`"))
}

/// Returns a name that occurs twice.
fn repeated(names: &[String]) -> Option<&String> {
    let mut known = HashSet::new();
    names.iter().find(|name| !known.insert(*name))
}

/// Checks the training settings among the hyperparameters, as a search does.
///
/// # Errors
/// [`Error::Setting`](crate::Error::Setting) for an invalid setting.
pub(super) fn check_recipe<M: Model>(params: &M::Params) -> Result<()> {
    M::recipe(params, Train::default()).check()
}

/// Returns the first impossible number of a statistic: a scale or a range that is not above 0, or a variance below 0.
/// The names of the layer's tensors and settings identify the kind of the layer.
pub(super) fn statistic_fault(
    tensor: &StateTensor,
    tensors: &BTreeMap<String, StateTensor>,
    scalars: &BTreeMap<String, f64>,
) -> Option<TensorFault> {
    let (layer, name) = tensor.name.rsplit_once('.').map_or(("", &*tensor.name), |(layer, name)| (layer, name));
    let beside = |name: &str| if layer.is_empty() { name.to_owned() } else { format!("{layer}.{name}") };
    let has = |name: &str| tensors.contains_key(&beside(name)) || scalars.contains_key(&beside(name));
    type Holds = fn(f32) -> bool;
    let (holds, expected): (Holds, _) = match name {
        // This is the scale of `Standardize`, `RobustScale` or `PowerTransform`. `range` belongs to `MinMax` and
        // `running_var` to a batch normalisation.
        "scale" if has("mean") && has("mean_low") || has("center.high") || has("lambda") => {
            (|value| value > 0.0, "a number above 0")
        }
        "range" if has("min") && has("low") && has("high") => (|value| value > 0.0, "a number above 0"),
        "running_var" if has("running_mean") => (|value| value >= 0.0, "a number from 0"),
        _ => return None,
    };
    let at = tensor.numbers.iter().position(|&value| !holds(value))?;
    Some(TensorFault::Impossible { name: tensor.name.clone(), at, value: f64::from(tensor.numbers[at]), expected })
}
