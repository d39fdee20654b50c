//! The files of a unit: its result, its checkpoint, and its initial states.

use std::{
    collections::BTreeMap,
    fmt, mem,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    folder::{self, Folder},
    plan::{Plan, Unit},
    sealed::{Sum, hex, open, seal, sum},
};
use crate::{
    error::{ClusterError, Failure, Result},
    file,
    search::unit::names,
    study::bundle::Bundle,
};

const RESULT: &str = "dropgrid result 1";
const CHECKPOINT: &str = "dropgrid checkpoint 1";
const STATES: &str = "dropgrid states 1";

/// The number of bytes before the bundle: the digests of the search and of the plan, and the number of the unit.
const HEAD: usize = 32 + 32 + 8;

/// The reason why a unit's result is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ResultFault {
    Damaged,
    OtherRelease,
    OtherSearch,
    OtherPlan,
    OtherUnit(u64),
    OtherFits,
    Differs(PathBuf),
    Unreadable(String),
}

impl fmt::Display for ResultFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("its bytes are not those that were written"),
            Self::OtherRelease => f.write_str("it was written by another release"),
            Self::OtherSearch => f.write_str("it is a result of another search"),
            Self::OtherPlan => f.write_str("it is a result of another plan"),
            Self::OtherUnit(unit) => write!(f, "it is the result of unit {unit}"),
            Self::OtherFits => f.write_str("it has not the fits of its unit"),
            Self::Differs(other) => write!(
                f,
                "two machines came to different bytes, of which one is broken: see {} and the times beside it, remove both \
                 results, and run the unit again",
                other.display()
            ),
            Self::Unreadable(message) => f.write_str(message),
        }
    }
}

/// Returns the bytes of a unit's file.
fn to_bytes(mark: &str, plan: &Plan, unit: usize, bundle: &Bundle) -> Vec<u8> {
    let number = (unit as u64).to_le_bytes();
    seal(mark, &[&plan.search()[..], &plan.id, &number, &bundle.to_bytes()].concat())
}

/// Returns the bundle in a unit's file, or the reason why it is not used.
fn from_bytes(mark: &str, plan: &Plan, unit: usize, bytes: &[u8]) -> Result<Bundle, ResultFault> {
    let Some(body) = open(mark, bytes) else {
        return Err(if is_of_another_release(mark, bytes) { ResultFault::OtherRelease } else { ResultFault::Damaged });
    };
    let (head, bytes) = body.split_first_chunk::<HEAD>().ok_or(ResultFault::Damaged)?;
    let ([search, id], number) = head.as_chunks::<32>() else { return Err(ResultFault::Damaged) };
    let number = number.try_into().map_or(u64::MAX, u64::from_le_bytes);
    if *search != plan.search() {
        return Err(ResultFault::OtherSearch);
    }
    if *id != plan.id {
        return Err(ResultFault::OtherPlan);
    }
    if number != unit as u64 {
        return Err(ResultFault::OtherUnit(number));
    }
    Bundle::from_bytes(bytes).ok_or(ResultFault::Damaged)
}

/// Returns true for intact bytes of the same kind, whose mark has another version number.
fn is_of_another_release(mark: &str, bytes: &[u8]) -> bool {
    let kind = mark.trim_end_matches(|c: char| c.is_ascii_digit());
    let line = bytes.split(|&byte| byte == b'\n').next().and_then(|line| str::from_utf8(line).ok());
    line.is_some_and(|line| line.starts_with(kind) && open(line, bytes).is_some())
}

/// Reads the result of a unit; `None` if there is none. Its times are not read.
pub(super) fn read_result(folder: &Folder, plan: &Plan, unit: usize) -> Option<Result<Bundle, ResultFault>> {
    let path = folder.result(plan.round, unit);
    let bytes = match folder::read(&path) {
        Ok(bytes) => bytes?,
        Err(error) => return Some(Err(ResultFault::Unreadable(error.to_string()))),
    };
    let read = || {
        let bundle = from_bytes(RESULT, plan, unit, &bytes)?;
        let are_its_fits = plan.units.get(unit).is_some_and(|unit| {
            let planned = names(&unit.fits);
            planned.len() == bundle.records.len() && bundle.records.iter().all(|stored| planned.contains(&stored.name))
        });
        if are_its_fits { Ok(bundle) } else { Err(ResultFault::OtherFits) }
    };
    let other = folder.other_result(plan.round, unit);
    Some(if other.exists() { Err(ResultFault::Differs(other)) } else { read() })
}

/// Writes the result of a unit. The first file has the times of its fits and their failed attempts, which differ
/// between machines. The second file has everything else, which does not. If another machine has written other bytes in
/// the meantime, both are kept.
///
/// # Errors
/// The errors of [`file::write`].
pub(super) fn write_result(folder: &Folder, plan: &Plan, unit: usize, mut bundle: Bundle) -> Result<()> {
    let retried = bundle.records.iter_mut().map(|stored| mem::take(&mut stored.record.details.retried));
    let retried = retried.enumerate().filter(|(_, failures)| !failures.is_empty()).collect();
    let nanoseconds = bundle.records.iter_mut().map(take_times).collect();
    let times = Times { host: host(), nanoseconds, retried };
    let bytes = to_bytes(RESULT, plan, unit, &bundle);
    let path = folder.result(plan.round, unit);
    // Texts and numbers can always be serialized.
    let times = serde_json::to_string(&times).unwrap_or_default();
    if let Some(Ok(_)) = read_result(folder, plan, unit) {
        if folder::read(&path)?.is_some_and(|known| known != bytes) {
            let other = folder.other_result(plan.round, unit);
            file::write(other.with_extension("other-times"), times)?;
            file::write(other, bytes)?;
        }
        return Ok(());
    }
    file::write(folder.times(plan.round, unit), times)?;
    file::write(path, bytes)
}

/// Reads the times of a result's fits and their failed attempts into its records. Without that file the times stay 0
/// and the attempts empty.
pub(super) fn read_times(folder: &Folder, plan: &Plan, unit: usize, bundle: &mut Bundle) {
    let text = folder::read(&folder.times(plan.round, unit)).ok().flatten().unwrap_or_default();
    let Ok(Times { nanoseconds, retried, .. }) = serde_json::from_slice(&text) else { return };
    if nanoseconds.len() == bundle.records.len() {
        for (at, failures) in retried {
            if let Some(stored) = bundle.records.get_mut(at) {
                stored.record.details.retried = failures;
            }
        }
        for (stored, (fit, score)) in bundle.records.iter_mut().zip(nanoseconds) {
            stored.record.fit_time = Duration::from_nanos(fit);
            stored.record.score_time = Duration::from_nanos(score);
        }
    }
}

/// The times of a unit's fits, in the order of its records, and the machine that ran them.
#[derive(Serialize, Deserialize)]
struct Times {
    host: String,
    /// For each fit, the nanoseconds of its training and of its scoring.
    nanoseconds: Vec<(u64, u64)>,
    /// The failures of earlier attempts, by the position of the record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    retried: BTreeMap<usize, Vec<Failure>>,
}

fn take_times(stored: &mut crate::study::StoredRecord) -> (u64, u64) {
    let record = &mut stored.record;
    [&mut record.fit_time, &mut record.score_time]
        .map(|time| u64::try_from(mem::take(time).as_nanos()).unwrap_or(u64::MAX))
        .into()
}

/// Returns the name of this machine, if the system knows it.
fn host() -> String {
    let named = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let named = named.or_else(|| std::env::var("HOSTNAME").ok()).or_else(|| std::env::var("COMPUTERNAME").ok());
    named.unwrap_or_default().trim().to_owned()
}

/// Reads the checkpoint of a unit; `None` if it is missing, damaged, or of another plan.
pub(super) fn read_checkpoint(folder: &Folder, plan: &Plan, unit: usize) -> Option<Bundle> {
    let bytes = folder::read(&folder.checkpoint(plan.round, unit)).ok()??;
    from_bytes(CHECKPOINT, plan, unit, &bytes).ok()
}

/// Writes the checkpoint of a unit.
///
/// # Errors
/// Those of [`file::write`].
pub(super) fn write_checkpoint(folder: &Folder, plan: &Plan, unit: usize, bundle: &Bundle) -> Result<()> {
    file::write(folder.checkpoint(plan.round, unit), to_bytes(CHECKPOINT, plan, unit, bundle))
}

/// Writes the initial states of a unit, and returns their checksum.
///
/// # Errors
/// Those of [`file::write`].
pub(super) fn write_states(path: &Path, bundle: &Bundle) -> Result<String> {
    let bytes = seal(STATES, &bundle.to_bytes());
    let of_bytes: Sum = sum(&bytes);
    file::write(path, bytes)?;
    Ok(hex(&of_bytes))
}

/// Reads the initial states of a unit.
///
/// # Errors
/// [`ClusterError::Damaged`].
pub(super) fn read_states(path: &Path, unit: &Unit) -> Result<Bundle> {
    let Some(written) = &unit.states else { return Ok(Bundle::default()) };
    let damaged = |message| ClusterError::Damaged { path: path.to_owned(), message };
    let bytes = folder::read(path)?.ok_or_else(|| damaged("it is missing"))?;
    let bundle = open(STATES, &bytes).filter(|_| hex(&sum(&bytes)) == *written).and_then(Bundle::from_bytes);
    Ok(bundle.ok_or_else(|| damaged("it is not as it was written"))?)
}

#[cfg(test)]
mod tests;
