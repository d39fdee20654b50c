//! A study's file as data: without the model's Rust type, and without a trace of the reading.

mod candidate;
mod params_json;
mod verify;

pub use candidate::{StudyCandidate, StudyFit};
pub use params_json::ParamsJson;
pub use verify::{Fault, Verification};

use std::path::Path;

use super::{
    FitName, Identity, RunningFits, StoredRecord, StudyInfo,
    sqlite::{Reader, undamaged},
};
use crate::{
    error::Result,
    record::{MetricInfo, Record},
};

/// The contents of a study's file at one moment, read without the type of its model.
///
/// Reading takes no lock that a search would wait for, and changes nothing: a file can be read while a search writes it,
/// in a folder that cannot be written, and after a kill. A file whose tables are not those of a study is refused before
/// any of them is read.
///
/// ```no_run
/// use dropgrid_core::study::StudyFile;
///
/// let study = StudyFile::open("digits.study")?;
/// for candidate in study.candidates() {
///     println!("{}: {} fits", candidate.params, candidate.fits.len());
/// }
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct StudyFile {
    info: StudyInfo,
    candidates: Vec<StudyCandidate>,
}

impl StudyFile {
    /// Reads a study.
    ///
    /// # Errors
    /// [`StudyError::Foreign`](crate::error::StudyError::Foreign), [`StudyError::Format`](crate::error::StudyError::Format),
    /// [`StudyError::Schema`](crate::error::StudyError::Schema), [`StudyError::Damaged`](crate::error::StudyError::Damaged),
    /// [`StudyError::Records`](crate::error::StudyError::Records), [`StudyError::Store`](crate::error::StudyError::Store).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Reader::read(path.as_ref(), |reader| {
            let (study, faults) = Self::read(reader)?;
            verify::refuse(reader, faults)?;
            Ok(study)
        })
    }

    /// Reads what can be read of a damaged study, and the faults of the rest.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), where the damage is not to single records.
    pub fn salvage(path: impl AsRef<Path>) -> Result<(Self, Vec<Fault>)> {
        Reader::read(path.as_ref(), Self::read)
    }

    fn read(reader: &Reader<'_>) -> Result<(Self, Vec<Fault>)> {
        let info = info(reader)?;
        let (candidates, faults) = candidate::read(reader, info.metadata.as_ref())?;
        Ok((Self { info, candidates }, faults))
    }

    /// Reads a study record by record, those of a candidate one after the other, and keeps none of them in memory. `begin`
    /// makes a state from the rest of the file, and `each` adds a record to it. Returns the rest of the file and the state.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn scan<S>(
        path: impl AsRef<Path>,
        begin: impl Fn(&StudyInfo) -> S,
        mut each: impl FnMut(&mut S, FitName, Record),
    ) -> Result<(StudyInfo, S)> {
        Reader::read(path.as_ref(), |reader| {
            let info = info(reader)?;
            let (mut state, mut faults) = (begin(&info), Vec::new());
            reader.records(|row| match verify::record(&row, info.metadata.as_ref()) {
                Ok(stored) => each(&mut state, stored.name, stored.record),
                Err(fault) => faults.push(fault),
            })?;
            verify::refuse(reader, faults)?;
            Ok((info, state))
        })
    }

    /// Reads the processes that work on a study, and nothing else.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), where the damage is not to records.
    #[allow(clippy::redundant_closure_for_method_calls, reason = "the method is of one lifetime, the closure of all")]
    pub fn running(path: impl AsRef<Path>) -> Result<RunningFits> {
        Reader::read(path.as_ref(), |reader| reader.running())
    }

    /// The identity and the undamaged records of a study that a search has not opened yet. Nothing changes, so that the search
    /// may still refuse the study.
    pub(crate) fn unopened(path: &Path) -> Result<(Identity, Vec<StoredRecord>)> {
        Reader::read(path, |reader| {
            let (identity, mut records) = (reader.identity()?, Vec::new());
            // Records that cannot be read are an error of opening the file.
            let _ = reader.records(|row| records.extend(row.stored()));
            Ok((identity, records))
        })
    }

    /// Checks a study's file: its mark, format and tables, every page by SQLite's `integrity_check`, and the sums of its
    /// identity, its metadata, each record and each state.
    ///
    /// # Errors
    /// As [`open`](Self::open), where the file cannot be read as far as its records.
    pub fn verify(path: impl AsRef<Path>) -> Result<Verification> {
        Reader::read(path.as_ref(), |reader| {
            let mut faults = verify::pages(reader)?;
            let mut fits = 0;
            let mut read = || {
                reader.identity()?;
                // A search writes damaged metadata anew.
                let metadata = undamaged(reader.metadata())?;
                let is_damaged = metadata.is_none();
                let (candidates, mut found) = candidate::read(reader, metadata.flatten().as_ref())?;
                fits = candidates.iter().map(|candidate| candidate.fits.len()).sum();
                let records = found.len();
                found.retain(|fault| *fault != Fault::Metadata);
                let lacks = is_damaged || found.len() < records;
                faults.extend(lacks.then_some(Fault::Metadata).into_iter().chain(found));
                faults.extend(verify::states(reader)?);
                Ok(())
            };
            match read() {
                Err(error) if faults.is_empty() => return Err(error),
                // A search meets the same error.
                Err(error) if faults.iter().all(Fault::is_mended) => {
                    faults.push(Fault::Page { message: error.to_string() });
                }
                // Where pages have other faults, the error is a consequence of them.
                Ok(()) | Err(_) => {}
            }
            Ok(Verification { format: reader.format, fits, faults })
        })
    }

    /// The contents of the file beside its records.
    pub fn info(&self) -> &StudyInfo {
        &self.info
    }

    /// The candidates that have records, in the order of their [values](ParamsJson).
    pub fn candidates(&self) -> &[StudyCandidate] {
        &self.candidates
    }

    /// The number of finished fits.
    pub fn fits(&self) -> usize {
        self.candidates.iter().map(|candidate| candidate.fits.len()).sum()
    }

    /// The number of finished fits that failed.
    pub fn failed(&self) -> usize {
        self.records().filter(|record| record.outcome.is_err()).count()
    }

    /// The records of all candidates.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.candidates.iter().flat_map(StudyCandidate::records)
    }

    /// The number of folds of the last search; 0 where none has begun.
    pub fn folds(&self) -> usize {
        self.info.metadata.as_ref().map_or(0, |metadata| metadata.folds.len())
    }

    /// True where a candidate has the whole training on every fold.
    pub fn is_done(&self, candidate: &StudyCandidate) -> bool {
        let folds = self.folds();
        folds > 0 && candidate.whole().filter(|record| (record.fold as usize) < folds).count() == folds
    }

    /// The metrics, the deciding one first; none where no search has begun.
    pub fn metrics(&self) -> &[MetricInfo] {
        self.info.metadata.as_ref().map_or(&[], |metadata| &metadata.metrics)
    }
}

/// The contents of a file beside its records, after a check of its pages.
fn info(reader: &Reader<'_>) -> Result<StudyInfo> {
    reader.check_pages()?;
    Ok(StudyInfo {
        format: reader.format,
        identity: reader.identity()?,
        metadata: reader.metadata()?,
        running: reader.running()?,
        states: reader.state_sizes()?,
    })
}
