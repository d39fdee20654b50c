//! The faults of a study file.

use crate::{
    error::{Result, worded::worded},
    escape::escaped,
    study::{
        DamagedRecord, FitName, Metadata, StateName, StoredRecord,
        sqlite::{Reader, Row},
    },
    train,
};

/// The findings of [`StudyFile::verify`](super::StudyFile::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// The file's format.
    pub format: i32,
    /// The number of readable fits.
    pub fits: usize,
    /// The faults. Empty if the file is intact.
    pub faults: Vec<Fault>,
}

impl Verification {
    /// Returns true if a search on the file repairs every fault: it trains damaged fits again and rewrites the
    /// metadata.
    pub fn is_mended_by_search(&self) -> bool {
        self.faults.iter().all(Fault::is_mended)
    }
}

worded! {
/// A fault of a study file.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// SQLite's `integrity_check` reports a fault.
    #[error("SQLite finds: {message}", message = escaped(message))]
    Page {
        /// SQLite's message.
        message: String,
    },
    /// SQLite's `integrity_check` reports a fault in the table of records. A search rewrites the table with the
    /// readable records and trains the other fits again.
    #[error(
        "SQLite finds: {message}; its search writes the records anew, and trains the fits whose records are lost",
        message = escaped(message)
    )]
    RecordTable {
        /// SQLite's message.
        message: String,
    },
    /// The end of the file is missing.
    #[error("{bytes} bytes are missing at its end")]
    Cut {
        /// The number of missing bytes.
        bytes: u64,
    },
    /// A record does not match its checksum. Its search trains the fit again.
    #[error("the record of {0} is damaged; its search trains the fit anew")]
    Record(DamagedRecord),
    /// The file has records, but the metadata with the metrics and folds of their scores are missing or damaged.
    #[error("the names of its metrics and the weights of its folds are missing or damaged; its search writes them anew")]
    Metadata,
    /// The strategy's judgements of candidates do not match their checksum.
    #[error("what its strategy said of candidates is damaged; its search writes it anew")]
    Judgements,
    /// The candidates have too many different hyperparameters to belong to one study.
    #[error("its {candidates} candidates have {names} different hyperparameters")]
    Names {
        /// The number of distinct names of hyperparameters.
        names: usize,
        /// The number of candidates.
        candidates: usize,
    },
    /// The hyperparameters of a record are not a JSON object.
    #[error("the record of `{params}` on fold {fold} names no hyperparameters", params = escaped(&name.params), fold = name.fold)]
    Params {
        /// The name of the fit.
        name: FitName,
    },
    /// The state of a training does not match its checksum. Its epochs are trained again.
    #[error("the state of {0} is damaged; these epochs are trained anew")]
    State(StateName),
    /// A record has more or fewer scores than the study has metrics.
    #[error("the record of {name} has {found} scores, but the study has {metrics} metrics")]
    Scores {
        /// The fit.
        name: FitName,
        /// The number of scores in the record.
        found: usize,
        /// The number of metrics of the study.
        metrics: usize,
    },
}
}

impl Fault {
    /// Returns true if a search on the file repairs the fault.
    pub(super) fn is_mended(&self) -> bool {
        matches!(self, Self::RecordTable { .. } | Self::Record(_) | Self::Metadata | Self::Judgements | Self::State(_))
    }
}

/// The largest number of faults that an error lists.
const LISTED: usize = 10;

/// Returns the record of a row.
///
/// # Errors
/// The fault, if the record is damaged or does not match the metadata.
pub(super) fn record(row: &Row<'_>, metadata: Option<&Metadata>) -> std::result::Result<StoredRecord, Fault> {
    let Some(stored) = row.stored() else { return Err(Fault::Record(row.damaged())) };
    let metrics = metadata.ok_or(Fault::Metadata)?.metrics.len();
    let record = &stored.record;
    match record.outcome.iter().chain(&record.train_scores).find(|scores| scores.len() != metrics) {
        Some(scores) => Err(Fault::Scores { found: scores.len(), metrics, name: stored.name }),
        None => Ok(stored),
    }
}

/// Returns an error if a file has faults or its end is missing.
pub(super) fn refuse(reader: &Reader<'_>, faults: Vec<Fault>) -> Result<()> {
    if let Some(fault) = cut(reader)? {
        return Err(reader.damaged(fault.to_string()));
    }
    match faults.iter().find(|fault| !matches!(fault, Fault::Record(_))) {
        Some(fault) => Err(reader.damaged(fault.to_string())),
        None if faults.is_empty() => Ok(()),
        None => {
            let names = faults.iter().filter_map(|fault| if let Fault::Record(of) = fault { Some(of) } else { None });
            let mut records: Vec<String> = names.take(LISTED).map(ToString::to_string).collect();
            if faults.len() > LISTED {
                records.push(format!("and {} more", faults.len() - LISTED));
            }
            Err(reader.damaged_records(records))
        }
    }
}

/// Returns the faults of pages.
pub(super) fn pages(reader: &Reader<'_>) -> Result<Vec<Fault>> {
    let fault = |(message, is_mended)| if is_mended { Fault::RecordTable { message } } else { Fault::Page { message } };
    Ok(reader.integrity()?.into_iter().map(fault).chain(cut(reader)?).collect())
}

/// Returns the fault of a file whose end is missing; `None` if the file is complete.
fn cut(reader: &Reader<'_>) -> Result<Option<Fault>> {
    let bytes = reader.missing()?;
    Ok((bytes > 0).then_some(Fault::Cut { bytes }))
}

/// Returns the faults of states.
pub(super) fn states(reader: &Reader<'_>) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    reader.states(|state, is_sealed| {
        let is_intact = train::is_intact(&state.bytes, &state.trajectory, state.fold, state.epochs);
        faults.extend((!(is_sealed && is_intact)).then(|| Fault::State(state.name())));
    })?;
    Ok(faults)
}
