//! The check that a study is one of the search that opens it.

use crate::{
    error::{Error, Result, StudyError},
    study::{Difference, Identity, Store, Study},
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
