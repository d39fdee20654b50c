//! The checks that a study is one of the search that opens it: by its identity, and by its records. Settings of layers that
//! are tied to hyperparameters depend on the candidate, so each record has their values.

use crate::{
    error::{Error, Result, StudyError},
    model::{Model, tied_in_words},
    record::Record,
    search::key::Hyperparameters,
    space::from_names,
    study::{Difference, FitName, Identity, Store, Study},
};

/// Writes the identity where it is new or follows the one that is known; an error where the study is another one.
pub(super) fn identify(store: &mut impl Store, study: &Study, identity: &Identity) -> Result<()> {
    loop {
        let known = store.identity()?;
        if let Some(known) = &known {
            refuse(study, known, identity)?;
        }
        let identity = known.as_ref().map_or_else(|| identity.clone(), |known| identity.following(known));
        // Where another process has written meanwhile, its identity is looked at again.
        if known.as_ref() == Some(&identity) || store.set_identity(known.as_ref(), &identity)? {
            return Ok(());
        }
    }
}

/// An error where the study is that of another search.
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

/// The difference where the record of a candidate is of another network.
pub(in crate::search) type Unlike = fn(&FitName, &Record) -> Option<Difference>;

/// The difference where the ties of `M` give a candidate other settings than its record has.
pub(super) fn unlike<M: Model>(name: &FitName, record: &Record) -> Option<Difference> {
    if M::TIES.is_empty() {
        return None;
    }
    // A text that is no candidate of the model is never asked for.
    let is = tied_in_words::<M>(&candidate::<M>(name)?).ok()??;
    let was = match &record.details.tied {
        Some(was) => was.clone(),
        // The fit failed before its settings were known.
        None if record.outcome.is_err() => return None,
        None => "nothing".to_owned(),
    };
    (was != is).then(|| Difference { part: format!("what is tied in the candidate {}", name.params), was, is })
}

/// The candidate of a fit. Where it has epochs of its own, they are those of its whole training.
pub(super) fn candidate<M: Model>(name: &FitName) -> Option<M::Params> {
    let mut values: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&name.params).ok()?;
    if let Some(epochs) = Hyperparameters::of::<M>().epochs() {
        values.insert(epochs.to_owned(), name.resource.whole().into());
    }
    from_names(values)
}

/// An error where a record of the study is of another network than this search builds for the candidate.
pub(super) fn refuse_records<'a>(
    study: &Study,
    records: impl Iterator<Item = (&'a FitName, &'a Record)>,
    unlike: Unlike,
) -> Result<()> {
    let mut differences: Vec<Difference> = records.filter_map(|(name, record)| unlike(name, record)).collect();
    if differences.is_empty() {
        return Ok(());
    }
    // The folds of a candidate have the same difference.
    differences.sort_by(|a, b| a.part.cmp(&b.part));
    differences.dedup();
    let differences = Difference::first_of(&differences.iter().collect::<Vec<_>>(), "candidates");
    Err(Error::Study(StudyError::Differs { path: study.path().to_owned(), differences, can_extend: false }))
}
