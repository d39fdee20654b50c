//! A file that another process is writing.

use std::{
    collections::BTreeMap,
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use dropgrid::{
    hook::{Epoch, FitInfo},
    prelude::*,
};
use serde_json::Value;

use crate::support::{corners, dropgrid, names};

/// The variable that makes a test process the search that writes.
pub(crate) const CHILD: &str = "DROPGRID_COMMAND_WRITES";
/// The one that makes it many short searches.
const CHILDREN: &str = "DROPGRID_COMMAND_WRITES_OFTEN";

/// A space that a search does not come to the end of.
#[searchable]
struct Endless {
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

#[test]
fn child() {
    if let Ok(path) = env::var(CHILD) {
        let search = Endless::search(Random::new(100_000)).cv(KFold::new(3)).scoring((Accuracy, LogLoss));
        // So slow that the commands are done with what there is.
        let slow = |_: &FitInfo, _: &Epoch| thread::sleep(Duration::from_millis(10));
        let search = search.train(Train::adam(1e-2).epochs(1)).hook(slow);
        search.workers(1).study(path).cross_validate(&corners()).expect("a report");
    }
}

#[test]
fn children() {
    if let Ok(path) = env::var(CHILDREN) {
        for seed in 0..40 {
            let search = crate::support::search(seed).study(format!("{path}.{seed}"));
            search.cross_validate(&corners()).expect("a report");
        }
    }
}

/// A search in a process of its own, which ends with this value.
pub(crate) struct Writer(Child);

impl Writer {
    pub(crate) fn start(test: &str, variable: &str, path: &Path) -> Self {
        let program = env::current_exe().expect("the test's own program");
        let child = Command::new(program)
            .args(["--exact", test, "--test-threads", "1"])
            .env(variable, path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.expect("a child"))
    }

    fn is_running(&mut self) -> bool {
        self.0.try_wait().expect("a child").is_none()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn fits(folder: &Path) -> u64 {
    let listed = dropgrid(folder, &["ls", "--json", "."]).json();
    listed["studies"][0]["fits"]["done"].as_u64().expect("a number")
}

fn contents(folder: &Path) -> BTreeMap<String, u64> {
    let hash = |name: &String| {
        let mut hash = DefaultHasher::new();
        fs::read(folder.join(name)).expect("a file").hash(&mut hash);
        hash.finish()
    };
    names(folder).into_iter().map(|name| (name.clone(), hash(&name))).collect()
}

const FILES: [&str; 5] = ["x.study", "x.study-lock", "x.study-lock-1", "x.study-shm", "x.study-wal"];

#[test]
fn a_running_search_is_read_and_not_disturbed() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let path = folder.join("x.study");
    let mut writer = Writer::start("running::child", CHILD, &path);
    let start = Instant::now();
    while !path.exists() || dropgrid(folder, &["show", "x.study"]).status != 0 || fits(folder) < 4 {
        assert!(writer.is_running() && start.elapsed() < Duration::from_mins(1), "the search does not begin");
    }
    let mut before = fits(folder);
    for _ in 0..10 {
        assert_eq!(names(folder), FILES);
        for command in ["show", "best"] {
            let shown = dropgrid(folder, &[command, "x.study", "--json"]).json();
            assert!(shown["study"]["fits"]["done"].as_u64() >= Some(before));
        }
        let exported = dropgrid(folder, &["export", "x.study", "--fits", "--json"]).json();
        assert!(exported["rows"].as_array().map(Vec::len) >= Some(before as usize));
        let verified = dropgrid(folder, &["verify", "x.study", "--json"]);
        assert_eq!((verified.status, verified.json()["studies"][0]["sound"].clone()), (0, Value::from(true)));
        // The search goes on.
        let last = before;
        while before == last {
            assert!(writer.is_running() && start.elapsed() < Duration::from_mins(1), "it stands still at {last} fits");
            before = fits(folder);
        }
        assert!(before > last);
    }
    assert!(writer.is_running());
    assert_eq!(names(folder), FILES);

    // What a killed search leaves is read as it lies, to the bit.
    drop(writer);
    let left = contents(folder);
    assert!(fits(folder) >= before);
    for command in ["show", "verify", "export"] {
        assert_eq!(dropgrid(folder, &[command, "x.study"]).status, 0);
    }
    assert_eq!(contents(folder), left);
}

/// Searches that begin and end while they are read.
#[test]
fn a_search_that_begins_or_ends_while_it_is_read_has_all_its_fits() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let mut writer = Writer::start("running::children", CHILDREN, &folder.join("x.study"));
    let (mut read, mut refused) = (0, 0);
    while writer.is_running() {
        let listed: Value = serde_json::from_str(&dropgrid(folder, &["ls", "--json"]).stdout).expect("JSON");
        for study in listed["studies"].as_array().expect("a list") {
            match study["error"].as_str() {
                None => read += 1,
                // For a moment there is a file that nobody has written to.
                Some(error) => {
                    assert!(error.ends_with("is no study of dropgrid; name another file"), "{error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(read > refused, "{read} read, {refused} refused");
    let listed = dropgrid(folder, &["ls", "--json"]).json();
    let studies = listed["studies"].as_array().expect("a list");
    assert_eq!(studies.len(), 40);
    assert!(studies.iter().all(|study| study["fits"]["done"] == 18), "{studies:?}");
    let left = contents(folder);
    assert_eq!(dropgrid(folder, &["verify", "x.study.0", "x.study.39"]).status, 0);
    assert_eq!(contents(folder), left);
}
