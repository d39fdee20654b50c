//! A check that the records of a study are of the networks that a search builds: settings of layers that are tied to
//! hyperparameters hang on each candidate, so each record says what they were.

use crate::{
    model::{Model, tied_in_words},
    record::Record,
    study::Difference,
};

/// Where the record of a candidate is of another network; nothing where it is not.
pub(super) type Unlike = fn(&str, &Record) -> Option<Difference>;

/// Where ties of `M` give a candidate, by its name, other settings than its record says.
pub(super) fn unlike<M: Model>(params: &str, record: &Record) -> Option<Difference> {
    if M::TIES.is_empty() {
        return None;
    }
    // What is no candidate of the model is not asked for.
    let is = tied_in_words::<M>(&serde_json::from_str(params).ok()?).ok()??;
    let was = match &record.details.tied {
        Some(was) => was.clone(),
        // It failed before it could say.
        None if record.outcome.is_err() => return None,
        None => "nothing".to_owned(),
    };
    (was != is).then(|| Difference { part: format!("what is tied in the candidate {params}"), was, is })
}
