//! The store of a study's file at the end of a search.

use std::sync::{Arc, Mutex};

#[cfg(feature = "study")]
use crate::study::Sqlite;
use crate::{
    search::states::lock,
    study::{Metadata, Records, SearchEnd, Store, Study},
};

/// The store of a study's file at the end of a search.
pub(super) struct SharedStore(pub(super) Arc<Mutex<dyn Store>>);

impl SharedStore {
    /// Stores the end of the search beside the records, for pages that are made from the file. If it cannot be written,
    /// those pages do not show it. The time of a search that found every fit in the study stays that of the search that
    /// ran them.
    pub(super) fn keep_end(&self, end: SearchEnd) {
        keep_end(&mut *lock(&self.0), end);
    }
}

/// Stores the end of a search after the training on all rows. The file was closed before that training, which leaves no
/// heartbeats.
#[cfg(feature = "study")]
pub(super) fn keep_end_of_refit(study: &Study, end: SearchEnd) {
    if let Ok(mut store) = Sqlite::open(study.clone().reopened()) {
        keep_end(&mut store, end);
    }
}

/// A program without the feature `study` has no study.
#[cfg(not(feature = "study"))]
pub(super) fn keep_end_of_refit(_: &Study, _: SearchEnd) {}

fn keep_end(store: &mut (impl Records + ?Sized), mut end: SearchEnd) {
    let Ok(Some(known)) = store.metadata() else { return };
    if let Some(before) = &known.end
        && (&before.digest, &before.stopped) == (&end.digest, &end.stopped)
    {
        end.seconds = before.seconds;
    }
    if known.end.as_ref() != Some(&end) {
        let _ = store.set_metadata(&Metadata { end: Some(end), ..known });
    }
}
