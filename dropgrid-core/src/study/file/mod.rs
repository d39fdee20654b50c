//! The contents of a study file as data. Reading needs no Rust type of the model, and leaves no traces.

mod candidate;
mod params_json;
mod verify;

pub use candidate::{StudyCandidate, StudyFit};
pub use params_json::ParamsJson;
pub use verify::{Fault, Verification};

use std::path::Path;

use super::{
    FitName, Identity, Judgements, RunningFits, StoredRecord, StudyInfo,
    sqlite::{Reader, undamaged},
};
use crate::{
    error::Result,
    record::{MetricInfo, Record},
};

/// The contents of a study file at one moment, read without the type of its model.
///
/// Reading takes no lock that a search waits for, and changes nothing. A file can be read while a search writes it, in
/// a read-only folder, and after its search was killed. A file whose tables are not those of a study is refused before
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
    /// Reads a study file.
    ///
    /// # Errors
    /// [`StudyError::Foreign`](crate::error::StudyError::Foreign),
    /// [`StudyError::Format`](crate::error::StudyError::Format),
    /// [`StudyError::Schema`](crate::error::StudyError::Schema),
    /// [`StudyError::Damaged`](crate::error::StudyError::Damaged),
    /// [`StudyError::Records`](crate::error::StudyError::Records),
    /// [`StudyError::Store`](crate::error::StudyError::Store).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Reader::read(path.as_ref(), |reader| {
            let (study, faults) = Self::read(reader)?;
            verify::refuse(reader, faults)?;
            Ok(study)
        })
    }

    /// Reads the intact parts of a damaged study file, and returns the faults of the others.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), if the damage is not limited to single records.
    pub fn salvage(path: impl AsRef<Path>) -> Result<(Self, Vec<Fault>)> {
        Reader::read(path.as_ref(), Self::read)
    }

    fn read(reader: &Reader<'_>) -> Result<(Self, Vec<Fault>)> {
        let info = info(reader)?;
        let (candidates, faults) = candidate::read(reader, info.metadata.as_ref())?;
        Ok((Self { info, candidates }, faults))
    }

    /// Reads a study file record by record without keeping the records in memory. The records of a candidate are
    /// consecutive. `begin` makes a state from the rest of the file and the strategy's judgements, and `each` adds a
    /// record to it. Returns the rest of the file and the state.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn scan<S>(
        path: impl AsRef<Path>,
        begin: impl Fn(&StudyInfo, Judgements) -> S,
        mut each: impl FnMut(&mut S, FitName, Record),
    ) -> Result<(StudyInfo, S)> {
        Reader::read(path.as_ref(), |reader| {
            let info = info(reader)?;
            let judgements = undamaged(reader.judgements())?;
            let mut faults: Vec<Fault> = judgements.is_none().then_some(Fault::Judgements).into_iter().collect();
            let mut state = begin(&info, judgements.unwrap_or_default());
            reader.records(|row| match verify::record(&row, info.metadata.as_ref()) {
                Ok(stored) => each(&mut state, stored.name, stored.record),
                Err(fault) => faults.push(fault),
            })?;
            verify::refuse(reader, faults)?;
            Ok((info, state))
        })
    }

    /// Reads only which processes work on a study.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), if the damage is not limited to records.
    #[allow(clippy::redundant_closure_for_method_calls, reason = "the method is of one lifetime, the closure of all")]
    pub fn running(path: impl AsRef<Path>) -> Result<RunningFits> {
        Reader::read(path.as_ref(), |reader| reader.running())
    }

    /// Reads the identity and the intact records of a study before a search opens it. It changes nothing, so the search
    /// can still refuse the study.
    pub(crate) fn unopened(path: &Path) -> Result<(Identity, Vec<StoredRecord>)> {
        Reader::read(path, |reader| {
            let (identity, mut records) = (reader.identity()?, Vec::new());
            // If records cannot be read, opening the file returns the error.
            let _ = reader.records(|row| records.extend(row.stored()));
            Ok((identity, records))
        })
    }

    /// Checks a study file: its mark, format and tables, every page by SQLite's `integrity_check`, and the checksums of
    /// its identity, its metadata, each record and each state.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), if the file is damaged before its records can be read.
    pub fn verify(path: impl AsRef<Path>) -> Result<Verification> {
        Reader::read(path.as_ref(), |reader| {
            let mut faults = verify::pages(reader)?;
            let mut fits = 0;
            let mut read = || {
                reader.identity()?;
                // A search writes damaged metadata again.
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
                // A search would get the same error.
                Err(error) if faults.iter().all(Fault::is_mended) => {
                    faults.push(Fault::Page { message: error.to_string() });
                }
                // If pages have other faults, the error is a consequence of them.
                Ok(()) | Err(_) => {}
            }
            Ok(Verification { format: reader.format, fits, faults })
        })
    }

    /// Returns the contents of the file except its records.
    pub fn info(&self) -> &StudyInfo {
        &self.info
    }

    /// Returns the candidates that have records, in the order of their [values](ParamsJson).
    pub fn candidates(&self) -> &[StudyCandidate] {
        &self.candidates
    }

    /// Returns the number of finished fits.
    pub fn fits(&self) -> usize {
        self.candidates.iter().map(|candidate| candidate.fits.len()).sum()
    }

    /// Returns the number of finished fits that failed.
    pub fn failed(&self) -> usize {
        self.records().filter(|record| record.outcome.is_err()).count()
    }

    /// Iterates over the records of all candidates.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.candidates.iter().flat_map(StudyCandidate::records)
    }

    /// Returns the number of folds of the last search; 0 if no search has begun.
    pub fn folds(&self) -> usize {
        self.info.metadata.as_ref().map_or(0, |metadata| metadata.folds.len())
    }

    /// Returns true if a candidate has finished the full training on every fold.
    pub fn is_done(&self, candidate: &StudyCandidate) -> bool {
        let folds = self.folds();
        folds > 0 && candidate.whole().filter(|record| (record.fold as usize) < folds).count() == folds
    }

    /// Returns the metrics, the deciding metric first. Empty if no search has begun.
    pub fn metrics(&self) -> &[MetricInfo] {
        self.info.metadata.as_ref().map_or(&[], |metadata| &metadata.metrics)
    }
}

/// Reads the contents of a file except its records, after a check of its pages.
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
