//! Faults of a study's file.

use super::{Checkpoint, Damaged, EndState, Legend, sqlite::Reader, sqlite::Row};
use crate::{
    error::{Result, worded::worded},
    escape::escaped,
    record::Record,
    train,
};

/// The findings of [`Archive::verify`](super::Archive::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The file's format.
    pub format: i32,
    /// Fits that can be read.
    pub fits: usize,
    /// The faults; empty where the file is sound.
    pub faults: Vec<Fault>,
}

impl Verdict {
    /// True where a search on the file mends every fault: it trains damaged fits anew and writes the legend again.
    pub fn is_mended_by_search(&self) -> bool {
        let is_mended = |fault: &Fault| {
            matches!(fault, Fault::Record(_) | Fault::Legend | Fault::Checkpoint { .. } | Fault::EndState { .. })
        };
        self.faults.iter().all(is_mended)
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
    /// The end of the file is missing.
    #[error("{bytes} bytes are missing at its end")]
    Cut {
        /// The number of missing bytes.
        bytes: u64,
    },
    /// A record is not as it was written. The search that it is of trains the fit anew.
    #[error("the record of {0} is damaged; its search trains the fit anew")]
    Record(Damaged),
    /// The file has records and no sound legend, which names the metrics and folds of their scores.
    #[error("the names of its metrics and the weights of its folds are missing or damaged; its search writes them anew")]
    Legend,
    /// The candidates have more different hyperparameters than those of one study can have.
    #[error("its {candidates} candidates have {names} different hyperparameters")]
    Names {
        /// The number of different names of hyperparameters.
        names: usize,
        /// The number of candidates.
        candidates: usize,
    },
    /// The hyperparameters of a record are no JSON object.
    #[error("the record of `{params}` on fold {fold} names no hyperparameters", params = escaped(params))]
    Params {
        /// What stands in their place.
        params: String,
        /// The fold, from 0.
        fold: u32,
    },
    /// The state of a training that has not ended is not as it was written. The fit begins anew.
    #[error("the checkpoint of {params} on fold {fold} after {epochs} epochs is damaged; the fit begins anew", params = escaped(params))]
    Checkpoint {
        /// The candidate, or one of those that are the training.
        params: String,
        /// The fold, from 0.
        fold: u32,
        /// Epochs trained.
        epochs: u32,
    },
    /// An end state is not as it was written. More epochs are trained without it.
    #[error("the end state of {training} on fold {fold} after {epochs} epochs is damaged; more are trained without it", training = escaped(training))]
    EndState {
        /// The training, as the file has it.
        training: String,
        /// The fold, from 0.
        fold: u32,
        /// Epochs trained.
        epochs: u32,
    },
    /// A record has more or fewer scores than the study has metrics.
    #[error("the record of {params} on fold {fold} has {found} scores, but the study has {metrics} metrics", params = escaped(params))]
    Scores {
        /// The candidate.
        params: String,
        /// The fold, from 0.
        fold: u32,
        /// Scores of the record.
        found: usize,
        /// Metrics of the study.
        metrics: usize,
    },
}
}

/// Faults that an error lists.
const LISTED: usize = 10;

/// A row's candidate and what it says, which the legend can read.
pub(super) fn record<'a>(row: &Row<'a>, legend: Option<&Legend>) -> std::result::Result<(&'a str, Record), Fault> {
    let (Some(params), Some(record)) = (row.params(), row.record()) else { return Err(Fault::Record(row.damaged())) };
    let metrics = legend.ok_or(Fault::Legend)?.metrics.len();
    let other = record.outcome.iter().chain(&record.train_scores).find(|scores| scores.len() != metrics);
    if let Some(scores) = other {
        let (params, fold, found) = (params.to_owned(), record.fold, scores.len());
        return Err(Fault::Scores { params, fold, found, metrics });
    }
    Ok((params, record))
}

/// An error where the end of a file is missing, or where there are faults.
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
    let pages = reader.integrity()?.into_iter().map(|message| Fault::Page { message });
    Ok(pages.chain(cut(reader)?).collect())
}

/// The fault of a file whose end is missing.
fn cut(reader: &Reader<'_>) -> Result<Option<Fault>> {
    let bytes = reader.missing()?;
    Ok((bytes > 0).then_some(Fault::Cut { bytes }))
}

/// The faults of what trainings go on from.
pub(super) fn states(reader: &Reader<'_>) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    reader.checkpoints(|Checkpoint { params, fold, epochs, state }, is_sealed| {
        let is_sound = is_sealed && train::is_intact(&state, None, fold, epochs);
        faults.extend((!is_sound).then_some(Fault::Checkpoint { params, fold, epochs }));
    })?;
    reader.each_end(|EndState { training, fold, epochs, state }, is_sealed| {
        let is_sound = is_sealed && train::is_intact(&state, Some(&training), fold, epochs);
        faults.extend((!is_sound).then_some(Fault::EndState { training, fold, epochs }));
    })?;
    Ok(faults)
}
