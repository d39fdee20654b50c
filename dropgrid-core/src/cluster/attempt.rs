//! The attempts at a unit. A process lists its running fits in a file, which remains if the process dies.
//!
//! A process that aborts appends a mark to its file before it dies. The file of a process that was killed from outside,
//! for its memory use or with its node, has no mark. Nor has the file of a running process, but that file changes with
//! each heartbeat.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, File},
    hash::{BuildHasher, Hasher, RandomState},
    io::{self, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

#[cfg(unix)]
use crate::limit::AbortMark;
use crate::{
    limit::Stop,
    study::{CRASHES, FitMark, FitName, FitStart},
};

/// The interval between heartbeats.
const BEAT: Duration = Duration::from_secs(2);
/// The time after which an unchanged file means that its process has died.
const STILL: Duration = Duration::from_secs(10);

/// The attempt of this process at a unit. Dropping it removes its file.
#[derive(Debug)]
pub(super) struct Attempt {
    folder: PathBuf,
    path: PathBuf,
    fits: Vec<FitStart>,
    heartbeats: u64,
    /// The time of the last write; `None` while there is no file.
    written_at: Option<Instant>,
    #[cfg(unix)]
    abort: Option<AbortMark>,
}

/// The contents of an attempt's file.
#[derive(Serialize, Deserialize)]
struct AttemptText {
    heartbeats: u64,
    /// Hyperparameters, fold, resource, and the number of epochs of the state from which the fit continued.
    fits: Vec<(String, u32, String, u32)>,
}

impl Attempt {
    /// Makes an attempt. Its file is created in this folder, beside those of other attempts, once a fit is running.
    pub(super) fn in_folder(folder: &Path) -> Self {
        let path = folder.join(format!("{:016x}", RandomState::new().build_hasher().finish()));
        Self {
            folder: folder.to_owned(),
            path,
            fits: Vec::new(),
            heartbeats: 0,
            written_at: None,
            #[cfg(unix)]
            abort: None,
        }
    }

    fn write(&mut self) -> io::Result<()> {
        let fit = |FitStart { name: FitName { params, fold, resource }, epochs }: &FitStart| {
            (params.clone(), *fold, resource.to_string(), *epochs)
        };
        let text = AttemptText { heartbeats: self.heartbeats, fits: self.fits.iter().map(fit).collect() };
        // Texts and numbers can always be serialized.
        let text = serde_json::to_string(&text).unwrap_or_default() + "\n";
        if self.written_at.is_none() {
            fs::create_dir_all(&self.folder)?;
        }
        #[cfg(unix)]
        let is_new = self.written_at.is_none();
        self.written_at = Some(Instant::now());
        // The file is overwritten in place, since an abort appends its mark to this very file. It is never empty, since
        // the process may die at any moment.
        let mut file = File::options().create(true).truncate(false).write(true).open(&self.path)?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)?;
        // Other machines see the contents once the file is closed.
        drop(file);
        #[cfg(unix)]
        if is_new {
            self.abort = AbortMark::new(File::options().append(true).open(&self.path)?)?;
        }
        Ok(())
    }
}

impl FitMark for Attempt {
    fn set(&mut self, fits: &[FitStart]) {
        let is_recent = self.written_at.is_none_or(|at| at.elapsed() < BEAT);
        if self.fits == fits && is_recent {
            return;
        }
        self.fits = fits.to_vec();
        self.heartbeats += 1;
        // If the file cannot be written, a death counts against no fit.
        let _ = self.write();
    }

    fn remove(&mut self) {
        #[cfg(unix)]
        drop(self.abort.take());
        if self.written_at.is_some() {
            let _ = fs::remove_file(&self.path);
            // The folder remains if other attempts have files in it.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// Returns the number of processes that run fits of a unit, or died in them.
pub(super) fn count(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, |entries| entries.flatten().count())
}

/// Returns each fit without a known record in which a process died, once per death. A process that may be alive counts
/// as dead, unless that would make a fit fail: then its file must first [stand still](STILL).
pub(super) fn crashes(folder: &Path, is_known: impl Fn(&FitName) -> bool, stop: &Stop) -> Vec<FitStart> {
    crashes_within(folder, is_known, stop, STILL)
}

/// Returns true if enough processes died in some fit that it counts as failed.
pub(super) fn fails_fit(crashes: &[FitStart]) -> bool {
    crashes.iter().any(|start| crashes.iter().filter(|of| of.name == start.name).count() >= CRASHES as usize)
}

fn crashes_within(folder: &Path, is_known: impl Fn(&FitName) -> bool, stop: &Stop, still: Duration) -> Vec<FitStart> {
    let mut files = files(folder);
    let dead = |files: &BTreeMap<OsString, Vec<u8>>| {
        let starts = files.values().flat_map(|bytes| fits(bytes));
        starts.filter(|start| !is_known(&start.name)).collect::<Vec<_>>()
    };
    let all = dead(&files);
    if files.values().all(|bytes| has_aborted(bytes)) || !fails_fit(&all) {
        return all;
    }
    let begun = Instant::now();
    while begun.elapsed() < still {
        if stop.is_requested() {
            return Vec::new();
        }
        thread::sleep(Duration::from_millis(50).min(still));
    }
    let now = self::files(folder);
    files.retain(|name, bytes| now.get(name) == Some(bytes) || has_aborted(bytes));
    dead(&files)
}

/// Returns the names and contents of the files in a folder.
fn files(folder: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.file_name(), fs::read(entry.path()).ok()?))).collect()
}

/// Parses the fits of a file. Empty if its process died while writing it.
fn fits(bytes: &[u8]) -> Vec<FitStart> {
    let text = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let Ok(AttemptText { fits, .. }) = serde_json::from_slice(text) else { return Vec::new() };
    let fit = |(params, fold, resource, epochs): (String, u32, String, u32)| {
        Some(FitStart { name: FitName { params, fold, resource: resource.parse().ok()? }, epochs })
    };
    fits.into_iter().filter_map(fit).collect()
}

/// Returns true for the file of a process that aborted.
fn has_aborted(bytes: &[u8]) -> bool {
    #[cfg(unix)]
    {
        bytes.ends_with(&[AbortMark::BYTE])
    }
    // Other systems leave no mark.
    #[cfg(not(unix))]
    {
        let _ = bytes;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(number: u32) -> FitStart {
        let params = format!("{{\"n\":{number}}}");
        FitStart { name: FitName { params, fold: 1, resource: "5/20".parse().expect("a resource") }, epochs: number }
    }

    /// Makes the file of a process that died while this fit was running.
    fn dead(folder: &Path, fit: &FitStart) -> PathBuf {
        let mut attempt = Attempt::in_folder(folder);
        attempt.set(std::slice::from_ref(fit));
        attempt.path
    }

    #[test]
    fn a_process_that_dies_leaves_its_fits_and_one_that_ends_nothing() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("7.attempts");
        let crashes = || crashes_within(&folder, |_| false, &Stop::new(), Duration::from_millis(60));
        assert!(crashes().is_empty());
        let mut attempt = Attempt::in_folder(&folder);
        attempt.set(&[]);
        assert!(!folder.exists(), "nothing is under way");
        attempt.set(&[start(1), start(2)]);
        assert_eq!((crashes(), count(&folder)), (vec![start(1), start(2)], 1));
        dead(&folder, &start(1));
        attempt.remove();
        assert_eq!((crashes(), count(&folder)), (vec![start(1)], 1));
        fs::write(folder.join("torn"), "{\"heartbeats\":1,").expect("written");
        assert_eq!(crashes(), [start(1)]);
    }

    #[test]
    #[cfg(unix)]
    fn a_fit_fails_by_files_that_stand_still_or_tell_of_an_abort() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("7.attempts");
        let paths = [1, 2, 3].map(|_| dead(&folder, &start(1)));
        let stop = Stop::new();
        let crashes = |still| crashes_within(&folder, |_| false, &stop, still).len();
        assert_eq!(crashes(Duration::from_millis(1)), 3);
        assert_eq!(crashes_within(&folder, |name| *name == start(1).name, &stop, Duration::from_hours(1)), []);
        // One of the processes turns out to be alive.
        let count = thread::scope(|scope| {
            let count = scope.spawn(|| crashes(Duration::from_millis(400)));
            let text = fs::read_to_string(&paths[0]).expect("a file");
            for heartbeat in 2..100 {
                if count.is_finished() {
                    break;
                }
                fs::write(&paths[0], text.replace("\"heartbeats\":1", &format!("\"heartbeats\":{heartbeat}")))
                    .expect("written");
                thread::sleep(Duration::from_millis(20));
            }
            count.join().expect("a count")
        });
        assert_eq!(count, 2);
        for path in paths {
            File::options().append(true).open(path).expect("a file").write_all(b"X").expect("written");
        }
        let forever = Duration::from_hours(1);
        assert_eq!(crashes(forever), 3, "nothing to wait for");
        dead(&folder, &start(1));
        stop.request(Duration::ZERO);
        assert_eq!(crashes(forever), 0, "no time to look");
    }
}
