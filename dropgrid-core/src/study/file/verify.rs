//! Faults of a study's file.

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
    /// Fits that can be read.
    pub fits: usize,
    /// The faults; empty where the file is sound.
    pub faults: Vec<Fault>,
}

impl Verification {
    /// True where a search on the file mends every fault: it trains damaged fits anew and writes the metadata again.
    pub fn is_mended_by_search(&self) -> bool {
        self.faults.iter().all(Fault::is_mended)
    }
}

worded! {
/// Something wrong with a study's file.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// SQLite's `integrity_check` complains.
    #[error("SQLite finds: {message}", message = escaped(message))]
    Page {
        /// In SQLite's words.
        message: String,
    },
    /// SQLite's `integrity_check` complains of the table of records only. A search writes the table anew with the records that
    /// can be read, and trains the other fits anew.
    #[error(
        "SQLite finds: {message}; its search writes the records anew, and trains the fits whose records are lost",
        message = escaped(message)
    )]
    RecordTable {
        /// In SQLite's words.
        message: String,
    },
    /// The end of the file is missing.
    #[error("{bytes} bytes are missing at its end")]
    Cut {
        /// The number of missing bytes.
        bytes: u64,
    },
    /// A record is not as it was written. The search that it is of trains the fit anew.
    #[error("the record of {0} is damaged; its search trains the fit anew")]
    Record(DamagedRecord),
    /// The file has records and no sound metadata, which name the metrics and folds of their scores.
    #[error("the names of its metrics and the weights of its folds are missing or damaged; its search writes them anew")]
    Metadata,
    /// A strategy's judgements of candidates are not as they were written.
    #[error("what its strategy said of candidates is damaged; its search writes it anew")]
    Judgements,
    /// The candidates have more different hyperparameters than those of one study can have.
    #[error("its {candidates} candidates have {names} different hyperparameters")]
    Names {
        /// The number of different names of hyperparameters.
        names: usize,
        /// The number of candidates.
        candidates: usize,
    },
    /// The hyperparameters of a record are no JSON object.
    #[error("the record of `{params}` on fold {fold} names no hyperparameters", params = escaped(&name.params), fold = name.fold)]
    Params {
        /// The name of the fit.
        name: FitName,
    },
    /// The state of a training is not as it was written. Its epochs are trained anew.
    #[error("the state of {0} is damaged; these epochs are trained anew")]
    State(StateName),
    /// A record has more or fewer scores than the study has metrics.
    #[error("the record of {name} has {found} scores, but the study has {metrics} metrics")]
    Scores {
        /// The fit.
        name: FitName,
        /// Scores of the record.
        found: usize,
        /// Metrics of the study.
        metrics: usize,
    },
}
}

impl Fault {
    /// True where a search on the file mends the fault.
    pub(super) fn is_mended(&self) -> bool {
        matches!(self, Self::RecordTable { .. } | Self::Record(_) | Self::Metadata | Self::Judgements | Self::State(_))
    }
}

/// Faults that an error lists.
const LISTED: usize = 10;

/// The record of a row.
///
/// # Errors
/// The fault of a record that is damaged, or that the metadata do not fit.
pub(super) fn record(row: &Row<'_>, metadata: Option<&Metadata>) -> std::result::Result<StoredRecord, Fault> {
    let Some(stored) = row.stored() else { return Err(Fault::Record(row.damaged())) };
    let metrics = metadata.ok_or(Fault::Metadata)?.metrics.len();
    let record = &stored.record;
    match record.outcome.iter().chain(&record.train_scores).find(|scores| scores.len() != metrics) {
        Some(scores) => Err(Fault::Scores { found: scores.len(), metrics, name: stored.name }),
        None => Ok(stored),
    }
}

/// Refuses a file that has faults, or whose end is missing.
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

/// The faults of pages.
pub(super) fn pages(reader: &Reader<'_>) -> Result<Vec<Fault>> {
    let fault = |(message, is_mended)| if is_mended { Fault::RecordTable { message } } else { Fault::Page { message } };
    Ok(reader.integrity()?.into_iter().map(fault).chain(cut(reader)?).collect())
}

/// The fault of a file whose end is missing.
fn cut(reader: &Reader<'_>) -> Result<Option<Fault>> {
    let bytes = reader.missing()?;
    Ok((bytes > 0).then_some(Fault::Cut { bytes }))
}

/// The faults of states.
pub(super) fn states(reader: &Reader<'_>) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    reader.states(|state, is_sealed| {
        let is_intact = train::is_intact(&state.bytes, &state.trajectory, state.fold, state.epochs);
        faults.extend((!(is_sealed && is_intact)).then(|| Fault::State(state.name())));
    })?;
    Ok(faults)
}
