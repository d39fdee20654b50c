//! `verify` on what is not as it was written.

use std::{fs, path::Path};

use rusqlite::Connection;
use serde_json::json;

use crate::support::{dropgrid, handmade, names};

#[test]
fn what_is_sound_is_said_to_be() {
    let folder = tempfile::tempdir().expect("a folder");
    handmade(&folder.path().join("x.study"));
    let sound = dropgrid(folder.path(), &["verify", "x.study"]).ok();
    assert_eq!(sound, "x.study is sound: format 1, 71 fits\n");
    let sound = dropgrid(folder.path(), &["verify", "x.study", "--json"]).json();
    let expected = json!([{ "path": "x.study", "sound": true, "format": 1, "fits": 71, "faults": [] }]);
    assert_eq!(sound["studies"], expected);
    assert_eq!(names(folder.path()), ["x.study", "x.study-lock"]);
}

/// What `verify` says of these bytes, which it leaves as they are.
fn verified(folder: &Path, bytes: &[u8]) -> (i32, String) {
    let path = folder.join("bad.study");
    fs::write(&path, bytes).expect("written");
    let run = dropgrid(folder, &["verify", "bad.study"]);
    assert_eq!(run.stderr, "");
    assert_eq!(fs::read(&path).expect("the file"), bytes);
    (run.status, run.stdout)
}

#[test]
fn files_that_are_cut_flipped_foreign_or_newer_are_named_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    handmade(&folder.join("x.study"));
    let whole = fs::read(folder.join("x.study")).expect("the study");
    assert!(whole.len() >= 4 * 4096);
    let damaged = "restore a copy, or begin anew in another file";
    for cut in [whole.len() / 2, whole.len() - 4096, whole.len() - 1, 5000] {
        let (status, text) = verified(folder, &whole[..cut]);
        assert_eq!(status, 1, "cut at {cut}: {text}");
        assert!(text.starts_with("bad.study is damaged") && text.contains(damaged), "cut at {cut}: {text}");
    }
    for page in 1..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..page * 4096 + 12].iter_mut().for_each(|byte| *byte ^= 0xff);
        let (status, text) = verified(folder, &bytes);
        assert_eq!(status, 1, "page {page}: {text}");
        assert!(text.contains(damaged), "page {page}: {text}");
    }
    let foreign = "bad.study is no study of dropgrid; name another file\n";
    assert_eq!(verified(folder, b""), (1, foreign.to_owned()));
    assert_eq!(verified(folder, &[b'n'; 5000]), (1, foreign.to_owned()));

    let changed = |statements: &str| {
        let path = folder.join("changed.study");
        fs::write(&path, &whole).expect("written");
        let connection = Connection::open(&path).expect("a database");
        connection.execute_batch(statements).expect("written");
        connection.close().expect("closed");
        fs::read(&path).expect("the file")
    };
    let (status, text) = verified(folder, &changed("PRAGMA application_id = 7"));
    assert_eq!((status, text.as_str()), (1, foreign));
    let (status, text) = verified(folder, &changed("PRAGMA user_version = 9"));
    let newer = "bad.study is in format 9, and this release of dropgrid knows format 1; use a newer one\n";
    assert_eq!((status, text.as_str()), (1, newer));
    let (status, text) = verified(folder, &changed("UPDATE record SET scores = x'0102' WHERE fold = 0"));
    assert_eq!((status, text.lines().count()), (1, 12), "{text}");
    assert!(
        text.starts_with("bad.study is damaged; its search trains what is damaged anew, or restore a copy\n"),
        "{text}"
    );
    assert!(text.contains("  the record of {\"width\":128,\"act\":\"ReLU\",\"dropout\":0.0,"), "{text}");
    assert!(text.ends_with("  … and 14 more\n"), "{text}");
    let (status, text) = verified(folder, &changed("UPDATE metadata SET value = 'x' WHERE name = 'folds'"));
    assert_eq!(status, 1);
    assert_eq!(
        text,
        "bad.study is damaged; its search trains what is damaged anew, or restore a copy\n  \
         the names of its metrics and the weights of its folds are missing or damaged; its search writes them anew\n"
    );
    // The other commands refuse, and say why.
    fs::write(folder.join("bad.study"), &whole[..5000]).expect("written");
    for command in ["show", "best", "export"] {
        let run = dropgrid(folder, &[command, "bad.study"]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.starts_with("dropgrid: bad.study is damaged"), "{}", run.stderr);
    }
    let missing = dropgrid(folder, &["verify", "missing.study", "x.study"]);
    assert_eq!(missing.status, 1);
    assert!(missing.stdout.starts_with("cannot open the study missing.study: "), "{}", missing.stdout);
    assert!(missing.stdout.ends_with("x.study is sound: format 1, 71 fits\n"), "{}", missing.stdout);
}

#[test]
fn a_file_of_a_stranger_is_refused_and_runs_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let endless = "WITH RECURSIVE endless (x) AS (SELECT 1 UNION ALL SELECT x FROM endless) SELECT x FROM endless";
    for (name, attack) in [
        ("view", format!("DROP TABLE record; CREATE VIEW record AS {endless}")),
        ("trigger", "CREATE TRIGGER record AFTER INSERT ON record BEGIN DELETE FROM record; END".to_owned()),
    ] {
        let path = folder.join("x.study");
        handmade(&path);
        let connection = Connection::open(&path).expect("a database");
        connection.execute_batch(&attack).expect("written");
        drop(connection);
        let bytes = fs::read(&path).expect("the file");
        let said = format!("the {name} `record`");
        for command in ["ls", "show", "best", "export", "verify"] {
            let run = dropgrid(folder, &[command, "x.study"]);
            let text = if command == "verify" { run.stdout } else { run.stderr };
            assert!(text.contains(&said) && text.contains("do not trust it"), "{command}: {text}");
            assert_eq!(run.status, if ["ls", "verify"].contains(&command) { 1 } else { 2 }, "{command}");
        }
        assert!(fs::read(&path).expect("the file") == bytes, "{name}");
        fs::remove_file(path).expect("removed");
    }
}
