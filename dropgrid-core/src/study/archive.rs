//! A study as data: without the model's Rust type, and without a trace in the file.

use std::path::Path;

use super::{
    Identity, Legend, Untyped,
    sqlite::Reader,
    untyped::Pairs,
    verify::{self, Fault, Verdict},
};
use crate::{
    error::{Error, Result, StudyError},
    record::{MetricInfo, Record},
};

/// A study's file as it was at one moment, read without the type of its model.
///
/// Reading takes no lock that a search would wait for, and changes nothing: a file can be read while a search writes it,
/// in a folder that cannot be written, and after a kill. A file whose tables are not those of a study is refused before
/// anything in it is asked for.
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
    about: About,
    tried: Vec<Tried>,
}

/// The contents of a study's file beside its records.
#[derive(Debug, Clone)]
pub struct About {
    /// The file's format.
    pub format: i32,
    /// The identity of the study; without parts where no search has written any.
    pub identity: Identity,
    /// The names and directions of the metrics and the weights of the folds; `None` where no search has written them
    /// yet and no fit is kept.
    pub legend: Option<Legend>,
    /// Processes of this machine that work on the study, and their fits.
    pub running: Running,
    /// The number and size of the end states that are kept for searches of more epochs.
    pub end_states: EndStates,
}

/// The processes that worked on a study when it was read.
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
    /// The number of end states.
    pub count: usize,
    /// Their size in bytes.
    pub bytes: u64,
}

/// A candidate of which a study keeps fits.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The hyperparameters.
    pub params: Untyped,
    /// The records of the fits that are done, by fold.
    pub records: Vec<Record>,
}

impl Archive {
    /// Reads a study.
    ///
    /// # Errors
    /// [`StudyError::Foreign`], [`StudyError::Format`],
    /// [`StudyError::Schema`], [`StudyError::Damaged`],
    /// [`StudyError::Records`], [`StudyError::Store`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Reader::read(path.as_ref(), |reader| {
            let about = About::of(reader)?;
            let (tried, faults) = load(reader, about.legend.as_ref())?;
            verify::refuse(reader, faults)?;
            Ok(Self { about, tried })
        })
    }

    /// Reads a study record by record, those of a candidate one after the other, and keeps none of them in memory. `begin`
    /// makes a state from the rest of the file, and `each` adds a candidate's JSON and record to it. Returns the rest
    /// of the file and the state.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn scan<S>(
        path: impl AsRef<Path>,
        begin: impl Fn(&About) -> S,
        mut each: impl FnMut(&mut S, &str, Record),
    ) -> Result<(About, S)> {
        Reader::read(path.as_ref(), |reader| {
            let about = About::of(reader)?;
            let (mut state, mut faults) = (begin(&about), Vec::new());
            reader.rows(|row| match verify::record(&row, about.legend.as_ref()) {
                Ok((params, record)) => each(&mut state, params, record),
                Err(fault) => faults.push(fault),
            })?;
            verify::refuse(reader, faults)?;
            Ok((about, state))
        })
    }

    /// Checks a study's file: its mark, format and tables, every page by SQLite's `integrity_check`, and the sums of its
    /// identity, its legend and each record, checkpoint and end state.
    ///
    /// # Errors
    /// As [`open`](Self::open), where the file cannot be read as far as its records.
    pub fn verify(path: impl AsRef<Path>) -> Result<Verdict> {
        Reader::read(path.as_ref(), |reader| {
            let mut faults = verify::pages(reader)?;
            let mut fits = 0;
            let mut read = || {
                reader.identity()?;
                // A search writes a damaged one anew.
                let (legend, is_damaged) = match reader.legend() {
                    Ok(legend) => (legend, false),
                    Err(Error::Study(StudyError::Damaged { .. })) => (None, true),
                    Err(error) => return Err(error),
                };
                let (tried, mut found) = load(reader, legend.as_ref())?;
                fits = tried.iter().map(|tried| tried.records.len()).sum();
                let records = found.len();
                found.retain(|fault| *fault != Fault::Legend);
                let lacks = is_damaged || found.len() < records;
                faults.extend(lacks.then_some(Fault::Legend).into_iter().chain(found));
                faults.extend(verify::states(reader)?);
                Ok(())
            };
            match read() {
                // A consequence of the pages' faults, or what they did not show.
                Err(error) if faults.is_empty() => Err(error),
                Ok(()) | Err(_) => Ok(Verdict { format: reader.format, fits, faults }),
            }
        })
    }

    /// The contents of the file beside its records.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The file's format.
    pub fn format(&self) -> i32 {
        self.about.format
    }

    /// The identity of the study; without parts where no search has written any.
    pub fn identity(&self) -> &Identity {
        &self.about.identity
    }

    /// The names and directions of the metrics and the weights of the folds; `None` where no search has written them
    /// yet and no fit is kept.
    pub fn legend(&self) -> Option<&Legend> {
        self.about.legend.as_ref()
    }

    /// The candidates of which fits are kept, in the order of their [values](Untyped).
    pub fn tried(&self) -> &[Tried] {
        &self.tried
    }

    /// Number of fits kept.
    pub fn fits(&self) -> usize {
        self.tried.iter().map(|tried| tried.records.len()).sum()
    }

    /// Processes of this machine that work on the study, and their fits.
    pub fn running(&self) -> Running {
        self.about.running
    }

    /// The number and size of the end states that are kept for searches of more epochs.
    pub fn end_states(&self) -> EndStates {
        self.about.end_states
    }

    /// Number of fits kept that failed.
    pub fn failed(&self) -> usize {
        let records = self.tried.iter().flat_map(|tried| &tried.records);
        records.filter(|record| record.outcome.is_err()).count()
    }

    /// Number of folds of the last search; 0 where none has begun.
    pub fn folds(&self) -> usize {
        self.legend().map_or(0, |legend| legend.folds.len())
    }

    /// Whether a candidate is done on all folds.
    pub fn is_done(&self, tried: &Tried) -> bool {
        let folds = self.folds();
        folds > 0 && tried.records.iter().filter(|record| (record.fold as usize) < folds).count() == folds
    }

    /// The metrics, the deciding one first; none where no search has begun.
    pub fn metrics(&self) -> &[MetricInfo] {
        self.legend().map_or(&[], |legend| &legend.metrics)
    }
}

impl About {
    /// What a file says whose pages are whole.
    fn of(reader: &Reader<'_>) -> Result<Self> {
        reader.is_whole()?;
        Self::of_any(reader)
    }

    /// What a file says of whose pages nobody knows.
    fn of_any(reader: &Reader<'_>) -> Result<Self> {
        Ok(Self {
            format: reader.format,
            identity: reader.identity()?,
            legend: reader.legend()?,
            running: reader.running()?,
            end_states: reader.end_states()?,
        })
    }
}

/// The candidates whose records can be read, in the order of their values, and what cannot be.
fn load(reader: &Reader<'_>, legend: Option<&Legend>) -> Result<(Vec<Tried>, Vec<Fault>)> {
    let mut faults = Vec::new();
    let (mut pairs, mut records): (Vec<Pairs>, Vec<Vec<Record>>) = (Vec::new(), Vec::new());
    // The candidate of the last record.
    let mut last = String::new();
    reader.rows(|row| {
        let (params, record) = match verify::record(&row, legend) {
            Ok(read) => read,
            Err(fault) => return faults.push(fault),
        };
        match records.last_mut() {
            Some(records) if last == params => records.push(record),
            _ => match serde_json::from_str(params) {
                Ok(read) => {
                    params.clone_into(&mut last);
                    pairs.push(read);
                    records.push(vec![record]);
                }
                Err(_) => faults.push(Fault::Params { params: params.to_owned(), fold: record.fold }),
            },
        }
    })?;
    let params = match Untyped::of(pairs) {
        Ok(params) => params,
        Err(names) => {
            faults.push(Fault::Names { names, candidates: records.len() });
            return Ok((Vec::new(), faults));
        }
    };
    let mut tried: Vec<Tried> =
        params.into_iter().zip(records).map(|(params, records)| Tried { params, records }).collect();
    tried.sort_by(|a, b| a.params.order(&b.params));
    for tried in &mut tried {
        tried.records.sort_by_key(|record| record.fold);
    }
    Ok((tried, faults))
}
