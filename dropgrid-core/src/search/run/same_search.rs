//! Checks that a study belongs to the search that opens it, by its identity and by its records. Settings of layers that
//! are tied to hyperparameters depend on the candidate, so each record stores their values.

use crate::{
    error::{Error, Result, StudyError},
    model::{Model, tied_in_words},
    record::Record,
    search::key::Hyperparameters,
    space::from_names,
    study::{Difference, FitName, Identity, Store, Study},
};

/// Writes the identity if the study is new or may be extended to it. Returns an error if the study belongs to another
/// search.
pub(super) fn identify(store: &mut impl Store, study: &Study, identity: &Identity) -> Result<()> {
    loop {
        let known = store.identity()?;
        if let Some(known) = &known {
            refuse(study, known, identity)?;
        }
        let identity = known.as_ref().map_or_else(|| identity.clone(), |known| identity.following(known));
        // If another process wrote an identity in the meantime, compare with that one.
        if known.as_ref() == Some(&identity) || store.set_identity(known.as_ref(), &identity)? {
            return Ok(());
        }
    }
}

/// Returns an error if the study belongs to another search.
pub(super) fn refuse(study: &Study, known: &Identity, identity: &Identity) -> Result<()> {
    let differences = known.differences(identity, study.extends);
    if differences.is_empty() {
        return Ok(());
    }
    let can_extend = known.differences(identity, true).is_empty();
    let (networks, others): (Vec<_>, Vec<_>) = differences.iter().partition(|difference| difference.is_of_network());
    let mut told: Vec<String> = others.into_iter().map(ToString::to_string).collect();
    told.extend(Difference::first_of(&networks, "architectures"));
    Err(Error::Study(StudyError::Differs { path: study.path().to_owned(), differences: told, can_extend }))
}

/// Returns the difference if a record belongs to another network; `None` if it does not.
pub(in crate::search) type Unlike = fn(&FitName, &Record) -> Option<Difference>;

/// Returns the difference if the ties of `M` give a candidate other settings than its record has.
pub(super) fn unlike<M: Model>(name: &FitName, record: &Record) -> Option<Difference> {
    if M::TIES.is_empty() {
        return None;
    }
    // A text that is not a candidate of the model is never looked up.
    let is = tied_in_words::<M>(&candidate::<M>(name)?).ok()??;
    let was = match &record.details.tied {
        Some(was) => was.clone(),
        // The fit failed before its settings were known.
        None if record.outcome.is_err() => return None,
        None => "nothing".to_owned(),
    };
    (was != is).then(|| Difference { part: format!("what is tied in the candidate {}", name.params), was, is })
}

/// Returns the candidate of a fit; `None` if the name is not one of the model's. If `epochs` is a hyperparameter, it is
/// that of the full training.
pub(super) fn candidate<M: Model>(name: &FitName) -> Option<M::Params> {
    let mut values: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&name.params).ok()?;
    if let Some(epochs) = Hyperparameters::of::<M>().epochs() {
        values.insert(epochs.to_owned(), name.resource.whole().into());
    }
    from_names(values)
}

/// Returns an error if a record of the study belongs to another network than this search builds for the candidate.
pub(super) fn refuse_records<'a>(
    study: &Study,
    records: impl Iterator<Item = (&'a FitName, &'a Record)>,
    unlike: Unlike,
) -> Result<()> {
    let mut differences: Vec<Difference> = records.filter_map(|(name, record)| unlike(name, record)).collect();
    if differences.is_empty() {
        return Ok(());
    }
    // All folds of a candidate have the same difference.
    differences.sort_by(|a, b| a.part.cmp(&b.part));
    differences.dedup();
    let differences = Difference::first_of(&differences.iter().collect::<Vec<_>>(), "candidates");
    Err(Error::Study(StudyError::Differs { path: study.path().to_owned(), differences, can_extend: false }))
}
