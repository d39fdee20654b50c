//! What a study's records tell of fits with other epochs.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    model::Model,
    recipe::Train,
    record::{Job, Record},
    space::{Params, name},
    study::FitName,
};

/// The setting that tells such fits apart.
const EPOCHS: &str = "epochs";

/// Records that are those of fits with other epochs, too: a training that a rule ended before its last epoch ends there
/// with any more of them; and where epochs have become an axis, those of the recipe are one of its values.
pub(super) struct Known<'a> {
    recipe: &'a Train,
    /// By fold and by what the candidate has beside its epochs.
    records: HashMap<(u32, String), Vec<Trained>>,
}

struct Trained {
    /// The most epochs that it might have had.
    epochs: usize,
    /// Those after which it was ended.
    ended: Option<usize>,
    record: Record,
}

impl Known<'_> {
    /// What the records `kept` tell of candidates of `M` that are trained by `recipe`.
    pub(super) fn of<'a, M: Model>(kept: &HashMap<FitName, Record>, recipe: &'a Train) -> Known<'a> {
        let mut records: HashMap<(u32, String), Vec<Trained>> = HashMap::new();
        if !M::EVALUATION_ONLY.iter().any(|&at| M::Params::NAMES[at] == EPOCHS) {
            return Known { recipe, records };
        }
        for (name, record) in kept {
            let Some((epochs, rest)) = apart(&name.params) else { continue };
            let is_axis = epochs.is_some();
            let epochs = epochs.unwrap_or(recipe.epochs);
            let trained = record.details.epochs.map(|epochs| epochs.trained as usize);
            // What failed first may not have failed with other epochs, and then nothing would have been drawn anew.
            let is_first = record.outcome.is_ok() && record.details.retried.is_empty();
            let ended = trained.filter(|&trained| trained < epochs && is_first);
            if ended.is_some() || !is_axis {
                records.entry((name.fold, rest)).or_default().push(Trained { epochs, ended, record: record.clone() });
            }
        }
        Known { recipe, records }
    }

    /// The record of a job, where one of other epochs is its own.
    pub(super) fn find<M: Model>(&self, job: &Job<M::Params>) -> Option<Record> {
        if self.records.is_empty() {
            return None;
        }
        let (_, rest) = apart(&name(&job.params).ok()?)?;
        let recipe = M::recipe(&job.params, self.recipe.clone());
        let is_own = |known: &&Trained| {
            known.epochs == recipe.epochs
                || recipe.spread().is_none() && known.ended.is_some_and(|ended| ended < recipe.epochs)
        };
        let known = self.records.get(&(job.fold, rest))?.iter().find(is_own)?;
        Some(Record { candidate: job.candidate, ..known.record.clone() })
    }
}

/// The epochs of a candidate, where it has its own, and the rest of it.
fn apart(params: &str) -> Option<(Option<usize>, String)> {
    let mut params: Map<String, Value> = serde_json::from_str(params).ok()?;
    let epochs = match params.remove(EPOCHS) {
        Some(epochs) => Some(usize::try_from(epochs.as_u64()?).ok()?),
        None => None,
    };
    Some((epochs, Value::from(params).to_string()))
}
