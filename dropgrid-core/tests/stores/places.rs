//! Names that no file can have, and files that go while they are written.

use super::*;

#[test]
fn names_that_keep_nothing_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let in_folder = |name: &str| format!("{}/{name}", folder.path().display());
    for (name, said) in [
        (String::new(), "\"\" names no file for a study: it is empty; name a file, like `digits.study`"),
        (":memory:".to_owned(), "\":memory:\" names no file for a study: SQLite takes it for a database in memory"),
        ("file:x?mode=memory".to_owned(), "\"file:x?mode=memory\" names no file for a study: it is an address"),
        ("file:/tmp/x.study".to_owned(), "it is an address; write the path"),
        (in_folder("x.study/"), "it ends as a folder does"),
        (in_folder(".."), "it is a folder"),
    ] {
        let error = Sqlite::open(&name).unwrap_err();
        assert!(matches!(error, Error::Study(StudyError::Name { .. })), "{error}");
        assert!(error.to_string().contains(said), "{error}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing was made");
}

#[test]
fn a_file_is_where_its_path_leads_whatever_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["file:x?mode=memory", ":memory:", "a?b#c%20.study"] {
        let path = folder.path().join(name);
        let mut store = Sqlite::open(&path).expect("a study");
        store.set_metadata(&metadata(None)).expect("written");
        store.add(&[stored("{}", 0, Ok(vec![0.5]))], &[], &[]).expect("written");
        drop(store);
        assert!(path.is_file(), "{name}");
        assert_eq!(StudyFile::open(&path).expect("read").fits(), 1, "{name}");
    }
}

#[test]
#[cfg(unix)]
fn a_device_is_no_file() {
    let error = Sqlite::open("/dev/null").unwrap_err();
    assert!(error.to_string().ends_with("it is a device, a pipe or a socket; name a file"), "{error}");
    assert!(!Path::new("/dev/null-lock").exists());
}

/// What somebody does to a file.
#[cfg(unix)]
type Deed = fn(&Path) -> std::io::Result<()>;

#[test]
#[cfg(unix)]
fn a_file_that_goes_while_it_is_written_is_told_of() {
    fn other(path: &Path) -> PathBuf {
        path.with_file_name("other")
    }
    let beside = |path: &Path, suffix: &str| PathBuf::from(format!("{}{suffix}", path.display()));
    let deeds: [(&str, &str, Deed); 5] = [
        ("", "removed or renamed", |path| fs::remove_file(path)),
        ("", "removed or renamed", |path| fs::rename(path, other(path))),
        ("", "replaced", |path| fs::copy(path, other(path)).and_then(|_| fs::rename(other(path), path))),
        ("-wal", "removed or renamed", |path| fs::remove_file(path)),
        ("-shm", "replaced", |path| fs::copy(path, other(path)).and_then(|_| fs::rename(other(path), path))),
    ];
    for (suffix, said, deed) in deeds {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.study");
        let mut store = Sqlite::open(&path).expect("a study");
        store.set_metadata(&metadata(None)).expect("written");
        store.add(&[stored("{}", 0, Ok(vec![0.5]))], &[], &[]).expect("written");
        deed(&beside(&path, suffix)).expect("done");
        for error in [store.add(&[stored("{}", 1, Ok(vec![0.5]))], &[], &[]), store.claim(&[], 0, true).map(drop)] {
            let error = error.expect_err("the file is gone");
            let Error::Study(StudyError::Lost { file, fault, .. }) = &error else { panic!("{error}") };
            assert_eq!((file, *fault), (&beside(&path, suffix), said), "{error}");
        }
    }

    // By a link it is the link that leads to the file.
    let folder = tempfile::tempdir().expect("a folder");
    let (path, link) = (folder.path().join("x.study"), folder.path().join("link"));
    study_of(&path, 1);
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    let mut store = Sqlite::open(&link).expect("a study");
    store.add(&[stored("{}", 1, Ok(vec![0.5]))], &[], &[]).expect("written");
    fs::remove_file(&link).expect("a link");
    assert!(matches!(
        store.add(&[stored("{}", 2, Ok(vec![0.5]))], &[], &[]),
        Err(Error::Study(StudyError::Lost { .. }))
    ));
}
