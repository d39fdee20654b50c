//! A study's file: read while it is written, no study, of a newer format, damaged.

use super::*;

#[test]
fn a_file_can_be_read_while_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let mut writer = Sqlite::open(&path).expect("a new study");
    writer.set_metadata(&metadata(None)).expect("written");
    writer.add(&[stored("{}", 0, Ok(vec![1.0]))], &[], &[]).expect("written");
    assert_eq!(StudyFile::open(&path).expect("read").fits(), 1);
    writer.add(&[stored("{}", 1, Ok(vec![1.0]))], &[], &[]).expect("written");
    assert_eq!(StudyFile::open(&path).expect("read").fits(), 2);
    let mut second = Sqlite::open(&path).expect("another writer");
    second.add(&[stored("{}", 2, Ok(vec![1.0]))], &[], &[]).expect("written");
    drop(writer);
    assert_eq!(StudyFile::open(&path).expect("read").fits(), 3);
}

#[test]
fn what_is_no_study_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        let error = Sqlite::open(&path).unwrap_err();
        assert_eq!(fs::read(&path).expect("read"), bytes, "{name} has changed");
        error
    };
    let text = refused(
        "notes.txt",
        b"these are the notes of a day that was long enough for a page of a hundred bytes or so ......",
    );
    assert!(matches!(text, Error::Study(StudyError::Foreign { .. })), "{text}");
    assert!(text.to_string().ends_with("is no study of dropgrid; name another file"), "{text}");

    let foreign = folder.path().join("foreign.db");
    let other = rusqlite::Connection::open(&foreign).expect("a database");
    other.execute_batch("CREATE TABLE song (name TEXT)").expect("a table");
    drop(other);
    let bytes = fs::read(&foreign).expect("read");
    assert!(matches!(refused("foreign.db", &bytes), Error::Study(StudyError::Foreign { .. })));
    let nowhere = Sqlite::open(folder.path().join("no/such/folder.study")).unwrap_err();
    assert!(matches!(nowhere, Error::Study(StudyError::Store { doing: "open", .. })), "{nowhere}");
    assert!(nowhere.to_string().ends_with("such; make it, or name a file in another one"), "{nowhere}");
    let no_file = Sqlite::open(folder.path()).unwrap_err();
    assert!(no_file.to_string().ends_with(": it is a folder; name a file"), "{no_file}");
}

#[test]
fn a_newer_format_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    study_of(&path, 1);
    rusqlite::Connection::open(&path).expect("a database").pragma_update(None, "user_version", 9).expect("written");
    let error = Sqlite::open(&path).unwrap_err();
    assert!(
        error.to_string().ends_with("is in format 9, and this release of dropgrid knows format 1; use a newer one"),
        "{error}"
    );
}

#[test]
fn flipped_and_missing_bytes_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("whole.study");
    study_of(&path, 200);
    let whole = fs::read(&path).expect("read");
    assert!(whole.len() > 5 * 4096, "several pages: {}", whole.len());
    let outcome = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        Sqlite::open(&path).and_then(|mut store| store.records())
    };
    assert_eq!(outcome("copy.study", &whole).expect("whole").len(), 200);
    for cut in [whole.len() / 2, whole.len() - 4096, 5000] {
        let error = outcome(&format!("cut {cut}"), &whole[..cut]).expect_err("a part of the file is missing");
        assert!(matches!(error, Error::Study(StudyError::Damaged { .. })), "{cut}: {error}");
    }
    // The pages' headers.
    let (mut found, mut pages) = (0, 0);
    for page in 1..whole.len() / 4096 {
        let mut bytes = whole.clone();
        for at in 0..12 {
            bytes[page * 4096 + at] ^= 0xff;
        }
        pages += 1;
        match outcome(&format!("page {page}"), &bytes) {
            Err(Error::Study(StudyError::Damaged { message, .. })) => {
                assert!(!message.contains(['*', '\n']), "one fault, without a header: {message}");
                found += 1;
            }
            Err(error) => panic!("page {page}: {error}"),
            Ok(_) => {}
        }
    }
    assert_eq!(found, pages);
}
