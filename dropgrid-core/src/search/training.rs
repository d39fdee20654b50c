//! Which candidates are one training.

use serde_json::json;

use crate::{
    model::{Model, tied},
    recipe::Train,
    space::Params,
};

/// A text that is the same for candidates which are one training on a fold until one of them ends: those that differ only
/// in what no step asks. `recipe` is that of the candidate.
///
/// What is tied in the network is a part of it, since a constant in a tie is none of the hyperparameters.
///
/// Two settings of the recipe make trainings different from the first step on nevertheless: the epochs, where a schedule
/// is spread over them, and whether rows are watched in place of being trained on. What no step asks is left out, so that
/// a model keeps its trainings where it gets an axis of it.
pub(super) fn training<M: Model>(params: &M::Params, recipe: &Train) -> String {
    let texts = params.texts().unwrap_or_default();
    let values = M::Params::NAMES.iter().zip(texts).enumerate();
    let asked = values.filter(|(at, _)| !M::SHARING.contains(at));
    let asked = asked.map(|(_, (name, text))| format!("[{name:?},{text}]"));
    // What cannot be evaluated is of an architecture that there is not.
    let tied = tied::<M>(params).unwrap_or_default().into_iter();
    let tied = tied.map(|(setting, value)| format!("[{setting:?},{value:?}]"));
    let asked: Vec<String> = asked.chain(tied).collect();
    format!("[[{}],{},{}]", asked.join(","), json!(recipe.spread()), recipe.needs_validation())
}
