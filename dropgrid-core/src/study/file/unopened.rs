//! Reads of a study that a search has not opened yet. They change nothing, so that a search may still refuse the study.

use std::path::Path;

use crate::{
    error::Result,
    study::{Identity, StoredRecord, sqlite::Reader},
};

impl Identity {
    /// The identity in a study's file; `None` where no search has written any.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>> {
        Reader::read(path, |reader| Ok(Some(reader.identity()?).filter(|identity| !identity.parts.is_empty())))
    }
}

impl StoredRecord {
    /// The records in a study's file that are not damaged.
    pub(crate) fn read(path: &Path) -> Result<Vec<Self>> {
        Reader::read(path, |reader| {
            let mut stored = Vec::new();
            reader.records(|row| stored.extend(row.stored()))?;
            Ok(stored)
        })
    }
}
