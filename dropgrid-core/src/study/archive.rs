//! A study as data: without the model's Rust type, and without a trace in the file.

use std::path::Path;

use super::{
    Checkpoint, EndState, Identity, Legend, Untyped,
    sqlite::Reader,
    untyped::Pairs,
    verify::{Fault, Verdict},
};
use crate::{error::Result, metric::Direction, record::Record, train};

/// A study's file as it was at one moment, read without the type of its model.
///
/// Reading takes no lock that a search would wait for, and changes nothing: a file can be read while a search writes it,
/// in a folder that cannot be written, and after a kill.
///
/// ```no_run
/// use dropgrid_core::study::Archive;
///
/// let study = Archive::open("digits.study")?;
/// for tried in study.tried() {
///     println!("{}: {} fits", tried.params, tried.records.len());
/// }
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Archive {
    format: i32,
    identity: Identity,
    legend: Option<Legend>,
    tried: Vec<Tried>,
    folds: usize,
    running: Running,
    end_states: EndStates,
}

/// What processes were at when a study was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Running {
    /// Processes that work on the study.
    pub processes: usize,
    /// Fits that they have begun, or will begin next.
    pub fits: usize,
}

/// What a study keeps for searches of more epochs, see
/// [`keep_end_states`](crate::search::Search::keep_end_states).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EndStates {
    /// How many end states.
    pub count: usize,
    /// Their size in bytes.
    pub bytes: u64,
}

/// A candidate of which a study keeps fits.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The hyperparameters.
    pub params: Untyped,
    /// What came of the fits that are done, by fold.
    pub records: Vec<Record>,
}

/// A metric of a study, as far as the file tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedMetric {
    /// The name.
    pub name: Option<String>,
    /// Whether higher is better.
    pub direction: Option<Direction>,
}

impl Archive {
    /// Reads a study.
    ///
    /// # Errors
    /// [`Error::StudyForeign`](crate::Error::StudyForeign), [`Error::StudyFormat`](crate::Error::StudyFormat),
    /// [`Error::StudyDamaged`](crate::Error::StudyDamaged), [`Error::StudyStore`](crate::Error::StudyStore).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Reader::read(path.as_ref(), |reader| {
            reader.is_whole()?;
            let (archive, faults) = Self::load(reader)?;
            match cut(reader)?.into_iter().chain(faults).next() {
                None => Ok(archive),
                Some(fault) => Err(reader.damaged(fault.to_string())),
            }
        })
    }

    /// Checks everything that a study's file can be checked for: its mark and format, every page by SQLite's
    /// `integrity_check`, whether each record can be read, and whether each checkpoint and end state is as it was written.
    ///
    /// A number of a record whose bits were flipped is still a number: that cannot be seen.
    ///
    /// # Errors
    /// As [`open`](Self::open), where the file cannot be read as far as its records.
    pub fn verify(path: impl AsRef<Path>) -> Result<Verdict> {
        Reader::read(path.as_ref(), |reader| {
            let pages = reader.integrity()?.into_iter().map(|message| Fault::Page { message });
            let mut faults: Vec<Fault> = pages.chain(cut(reader)?).collect();
            let fits = match Self::load(reader) {
                Ok((archive, found)) => {
                    faults.extend(found);
                    match states(reader) {
                        Ok(found) => faults.extend(found),
                        Err(error) if faults.is_empty() => return Err(error),
                        Err(_) => {}
                    }
                    archive.fits()
                }
                // A consequence of the pages' faults, or what they did not show.
                Err(error) if faults.is_empty() => return Err(error),
                Err(_) => 0,
            };
            Ok(Verdict { format: reader.format, fits, faults })
        })
    }

    /// What can be read, and what cannot.
    fn load(reader: &Reader<'_>) -> Result<(Self, Vec<Fault>)> {
        let (identity, legend) = (reader.identity()?, reader.legend()?);
        let mut faults = Vec::new();
        let (mut pairs, mut records): (Vec<Pairs>, Vec<Vec<Record>>) = (Vec::new(), Vec::new());
        // The candidate of the last record.
        let mut last = String::new();
        reader.rows(|row| {
            let row = match row {
                Ok(row) => row,
                Err(error) => return faults.push(Fault::Row { message: error.to_string() }),
            };
            let (params, fold) = (|| row.params.to_owned(), row.fold);
            let Some(record) = row.record() else { return faults.push(Fault::Record { params: params(), fold }) };
            match records.last_mut() {
                Some(records) if last == row.params => records.push(record),
                _ => match serde_json::from_str(row.params) {
                    Ok(read) => {
                        last = params();
                        pairs.push(read);
                        records.push(vec![record]);
                    }
                    Err(_) => faults.push(Fault::Params { params: params(), fold }),
                },
            }
        })?;
        let params = Untyped::of(pairs).into_iter();
        let mut tried: Vec<Tried> = params.zip(records).map(|(params, records)| Tried { params, records }).collect();
        tried.sort_by(|a, b| a.params.order(&b.params));
        for tried in &mut tried {
            tried.records.sort_by_key(|record| record.fold);
        }
        let folds = match (&legend, identity.part("folds")) {
            (Some(legend), _) => legend.folds.len(),
            (None, Some(folds)) => folds.split(' ').count(),
            (None, None) => {
                let records = tried.iter().flat_map(|tried| &tried.records);
                records.map(|record| record.fold as usize + 1).max().unwrap_or(0)
            }
        };
        let (running, end_states) = (reader.running()?, reader.end_states()?);
        let archive = Self { format: reader.format, identity, legend, tried, folds, running, end_states };
        let metrics = archive.metrics().len();
        for Tried { params, records } in &archive.tried {
            for record in records {
                let scores = record.outcome.iter().chain(&record.train_scores);
                faults.extend(scores.filter(|scores| scores.len() != metrics).map(|scores| Fault::Scores {
                    params: params.to_string(),
                    fold: record.fold,
                    found: scores.len(),
                    metrics,
                }));
            }
        }
        Ok((archive, faults))
    }

    /// The file's format.
    pub fn format(&self) -> i32 {
        self.format
    }

    /// What the study is of; without parts where no search has written any.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// By what the scores are read, where the file says it.
    pub fn legend(&self) -> Option<&Legend> {
        self.legend.as_ref()
    }

    /// The candidates of which fits are kept, in the order of their [values](Untyped).
    pub fn tried(&self) -> &[Tried] {
        &self.tried
    }

    /// Number of fits kept.
    pub fn fits(&self) -> usize {
        self.tried.iter().map(|tried| tried.records.len()).sum()
    }

    /// What processes of this machine were at.
    pub fn running(&self) -> Running {
        self.running
    }

    /// What is kept for searches of more epochs.
    pub fn end_states(&self) -> EndStates {
        self.end_states
    }

    /// Number of fits kept that failed.
    pub fn failed(&self) -> usize {
        let records = self.tried.iter().flat_map(|tried| &tried.records);
        records.filter(|record| record.outcome.is_err()).count()
    }

    /// Number of folds: what the last search said, or else the identity; where neither does, the folds that are there.
    pub fn folds(&self) -> usize {
        self.folds
    }

    /// Whether a candidate is done on all folds.
    pub fn is_done(&self, tried: &Tried) -> bool {
        let folds = self.folds();
        folds > 0 && tried.records.iter().filter(|record| (record.fold as usize) < folds).count() == folds
    }

    /// The metrics, the deciding one first: what the last search said, or else their names by the identity; where neither
    /// does, as many as there are scores.
    pub fn metrics(&self) -> Vec<ArchivedMetric> {
        if let Some(legend) = &self.legend {
            let metrics = legend.metrics.iter();
            return metrics
                .map(|metric| ArchivedMetric { name: Some(metric.name.clone()), direction: Some(metric.direction) })
                .collect();
        }
        let mut records = self.tried.iter().flat_map(|tried| &tried.records);
        let scores = records.find_map(|record| record.outcome.as_ref().ok()).map(Vec::len);
        let names: Vec<&str> = self.identity.part("metrics").into_iter().flat_map(|names| names.split(", ")).collect();
        // A name of one's own may hold the separator: then it is not known where one name ends.
        let count = scores.unwrap_or(names.len()).max(1);
        let name = |at: usize| (names.len() == count).then(|| names[at].to_owned());
        (0..count).map(|at| ArchivedMetric { name: name(at), direction: None }).collect()
    }
}

/// The fault of a file whose end is missing.
fn cut(reader: &Reader<'_>) -> Result<Option<Fault>> {
    let bytes = reader.missing()?;
    Ok((bytes > 0).then_some(Fault::Cut { bytes }))
}

/// The faults of what trainings go on from.
fn states(reader: &Reader<'_>) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    reader.checkpoints(|Checkpoint { params, fold, epochs, state }| {
        let is_sound = train::is_sound(&state, None, fold, epochs);
        faults.extend((!is_sound).then_some(Fault::Checkpoint { params, fold, epochs }));
    })?;
    reader.each_end(|EndState { training, fold, epochs, state }| {
        let is_sound = train::is_sound(&state, Some(&training), fold, epochs);
        faults.extend((!is_sound).then_some(Fault::EndState { training, fold, epochs }));
    })?;
    Ok(faults)
}
