//! Files that do not compile, and the compiler's messages; each has a twin that compiles, see `twins`.
//!
//! `UI=part-of-a-name` tests the files of such a name alone, and `UI_OVERWRITE=1` writes the expected messages anew.

mod compiler;
mod messages;

use compiler::Verdict;
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

#[test]
fn each_file_has_its_message() {
    let files = files();
    let (next, threads) = (AtomicUsize::new(0), thread::available_parallelism().map_or(1, usize::from));
    let faults: Vec<String> = thread::scope(|scope| {
        let worker = || {
            let next_file = || files.get(next.fetch_add(1, Ordering::Relaxed));
            std::iter::from_fn(next_file).filter_map(|file| fault_of(file)).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker that ends")).collect()
    });
    assert!(faults.is_empty(), "{} of {} files\n\n{}", faults.len(), files.len(), faults.join("\n"));
}

/// The files of every group, or those that `UI` names.
fn files() -> Vec<PathBuf> {
    let name = env::var("UI").unwrap_or_default();
    let groups = fs::read_dir("tests/ui").expect("the groups").map(|group| group.expect("a group").path());
    let folders = groups.filter(|group| group.is_dir()).map(|group| group.join("fail"));
    let files = folders.flat_map(|folder| {
        let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        files.map(|file| file.expect("a file").path())
    });
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .filter(|file| file.file_stem().is_some_and(|stem| stem.to_string_lossy().contains(&name)))
        .collect();
    assert!(!files.is_empty(), "no file has `{name}` in its name");
    files.sort();
    files
}

/// The difference of a file from its expected message, if there is one.
fn fault_of(file: &Path) -> Option<String> {
    let expected = file.with_extension("stderr");
    let message = match compiler::check(file) {
        Verdict::Compiles => return Some(format!("{} compiles", file.display())),
        Verdict::Fails(message) => messages::without_places(&message),
    };
    if env::var_os("UI_OVERWRITE").is_some() {
        fs::write(&expected, message).expect("a message that can be written");
        return None;
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    (message != wanted).then(|| format!("{} should say\n\n{wanted}\nand says\n\n{message}", file.display()))
}
