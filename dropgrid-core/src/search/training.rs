//! Which candidates are one training.

use serde_json::Value;

use crate::{model::Model, recipe::Train, space::Params};

/// A text that is the same for candidates which are one training on a fold until one of them ends: those that differ only
/// in what no step asks. `recipe` is that of the candidate.
///
/// Two settings of the recipe make trainings different from the first step on nevertheless: the epochs, where a schedule
/// is spread over them, and whether rows are watched in place of being trained on. What no step asks is left out, so that
/// a model keeps its trainings where it gets an axis of it.
pub(super) fn training<M: Model>(params: &M::Params, recipe: &Train) -> String {
    let values = M::Params::NAMES.iter().zip(params.values()).enumerate();
    let asked = values.filter(|(at, _)| !M::SHARING.contains(at));
    let asked: Vec<Value> = asked.map(|(_, (name, value))| vec![Value::from(*name), value].into()).collect();
    serde_json::json!([asked, recipe.spread(), recipe.watches()]).to_string()
}
