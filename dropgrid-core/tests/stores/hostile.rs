//! Files that somebody has made to do harm: each is refused with what is wrong, by who reads and by who writes, and none
//! takes time or memory that its size does not.

use std::{
    sync::{OnceLock, mpsc},
    thread,
};

use rusqlite::{Connection, config::DbConfig};

use super::{damages::Draws, *};

/// What `work` gives; a panic where it takes longer than anything here.
fn soon<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, waits) = mpsc::channel();
    thread::spawn(move || drop(done.send(work())));
    waits.recv_timeout(Duration::from_mins(2)).expect("an answer within minutes")
}

/// The file of a study of three fits.
fn whole() -> &'static [u8] {
    static WHOLE: OnceLock<Vec<u8>> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.study");
        let mut store = Sqlite::open(&path).expect("a new study");
        store.set_identity(None, &Identity::new().with("seed", "7")).expect("written");
        store.set_metadata(&metadata(None)).expect("written");
        store.add(&[0, 1, 2].map(|fold| stored("{\"x\":1}", fold, Ok(vec![0.5]))), &[], &[]).expect("written");
        drop(store);
        fs::read(path).expect("a file")
    })
}

/// A study of three fits, and of what an attacker has done to it.
fn attacked(path: &Path, attack: impl FnOnce(&Connection)) {
    fs::write(path, whole()).expect("written");
    let connection = Connection::open(path).expect("a database");
    connection.pragma_update(None, "synchronous", "OFF").expect("set");
    attack(&connection);
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("written");
}

/// Every way to a file, and the errors that they give. None of them may change it.
fn tried(path: &Path) -> Vec<Error> {
    let bytes = fs::read(path).expect("a file");
    let errors = [
        StudyFile::open(path).map(drop),
        StudyFile::verify(path).map(drop),
        Overview::open(path).map(drop),
        Sqlite::open(path).map(drop),
    ];
    let errors = errors.into_iter().map(|outcome| outcome.expect_err("refused")).collect();
    assert!(fs::read(path).expect("a file") == bytes, "the file has changed");
    errors
}

/// Files whose tables are not those of a study are refused with a word that names what is wrong.
fn refused(statements: &str, word: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    attacked(&path, |connection| connection.execute_batch(statements).expect("written"));
    for error in soon(move || tried(&path)) {
        assert!(
            matches!(&error, Error::Study(StudyError::Schema { message, .. }) if message.contains(word)),
            "{word}: {error}"
        );
    }
}

const ENDLESS: &str = "WITH RECURSIVE endless (x) AS (SELECT 1 UNION ALL SELECT x FROM endless)";

#[test]
fn tables_that_are_not_a_studys_are_refused_by_their_names() {
    for table in ["part", "metadata", "record", "state", "process", "crash", "seal"] {
        let view = format!("DROP TABLE {table}; CREATE VIEW {table} AS {ENDLESS} SELECT x FROM endless;");
        refused(&view, &format!("view `{table}`"));
        let trigger = format!("CREATE TRIGGER t AFTER INSERT ON {table} BEGIN DELETE FROM record; END");
        refused(&trigger, "the trigger `t`, and no study has one");
        refused(&format!("ALTER TABLE {table} ADD COLUMN more TEXT"), &format!("the table `{table}` is another"));
    }
    refused(
        "CREATE TRIGGER rewrite AFTER INSERT ON record BEGIN UPDATE record SET scores = zeroblob(8); END",
        "the trigger `rewrite`",
    );
    refused("CREATE TABLE more (x)", "the table `more`");
    refused("CREATE INDEX more ON record (failure)", "the index `more`");
    refused("DROP TABLE crash", "it has no table `crash`");
    refused("CREATE TABLE \"\u{1b}[2J\u{7}\" (x)", "\\u{1b}[2J\\u{7}");
    let views: Vec<String> = (0..5000).map(|view| format!("CREATE VIEW v{view} AS SELECT 1")).collect();
    refused(&views.join(";"), "more tables than any study");
}

/// Whatever is put into a schema.
#[test]
fn any_object_that_is_added_or_changed_is_refused() {
    let mut draws = Draws(5);
    let names =
        ["part", "record", "RECORD", "more", "sqlite_stat1", "sqlite_autoindex_x_1", "sqlite_autoindex_state_1"];
    let kinds = ["table", "view", "index", "trigger", "TABLE", ""];
    let texts = [
        "CREATE TABLE more (x)",
        "CREATE VIEW more AS SELECT 1",
        "CREATE VIRTUAL TABLE more USING fts5(x)",
        "CREATE TABLE part (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID ",
        "CREATE TABLE record (params, fold)",
        "CREATE TRIGGER more AFTER DELETE ON part BEGIN SELECT 1; END",
        "",
        "CREATE",
    ];
    for round in 0..60 {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.study");
        let mut of = |list: &[&str]| list[draws.below(list.len())].to_owned();
        let (kind, name, table, text) = (of(&kinds), of(&names), of(&names), of(&texts));
        let (changes, root) = (draws.below(2) == 0, draws.below(9) as u32);
        attacked(&path, |connection| {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).expect("set");
            connection.pragma_update(None, "writable_schema", true).expect("set");
            let values = rusqlite::params![kind, name, table, root, text];
            let statement = if changes {
                "UPDATE sqlite_schema SET type = ?1, name = ?2, tbl_name = ?3, rootpage = ?4, sql = ?5
                 WHERE name IN ('record', 'metadata')"
            } else {
                "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES (?1, ?2, ?3, ?4, ?5)"
            };
            connection.execute(statement, values).expect("written");
        });
        for error in soon(move || tried(&path)) {
            let is_said = matches!(error, Error::Study(StudyError::Schema { .. } | StudyError::Damaged { .. }));
            assert!(is_said, "round {round}, {kind} {name} {text}: {error}");
        }
    }
}

/// A tree of twelve levels, each of which leads to the next one a hundred times: more rows than there are atoms.
#[test]
fn a_tree_of_pages_that_meet_again_is_seen_and_not_walked() {
    const PAGE: usize = 4096;
    const WAYS: usize = 100;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let mut roots = Vec::new();
    attacked(&path, |connection| {
        let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'state'";
        roots.push(connection.query_row(root, [], |row| row.get::<_, u32>(0)).expect("a page"));
    });
    let whole = fs::read(&path).expect("a file");
    for root in roots {
        let mut bytes = whole.clone();
        let pages = (whole.len() / PAGE) as u32;
        let leaf = bytes[(root as usize - 1) * PAGE..root as usize * PAGE].to_vec();
        let interior = |child: u32| {
            let mut page = vec![0; PAGE];
            let start = PAGE - 5 * WAYS;
            page[0] = 5;
            page[3..5].copy_from_slice(&(WAYS as u16).to_be_bytes());
            page[5..7].copy_from_slice(&(start as u16).to_be_bytes());
            page[8..12].copy_from_slice(&child.to_be_bytes());
            for way in 0..WAYS {
                let cell = start + 5 * way;
                page[12 + 2 * way..14 + 2 * way].copy_from_slice(&(cell as u16).to_be_bytes());
                page[cell..cell + 4].copy_from_slice(&child.to_be_bytes());
                page[cell + 4] = way as u8;
            }
            page
        };
        bytes[(root as usize - 1) * PAGE..root as usize * PAGE].copy_from_slice(&interior(pages + 1));
        for level in 1..12 {
            bytes.extend(interior(pages + level + 1));
        }
        bytes.extend(leaf);
        bytes[28..32].copy_from_slice(&(pages + 12).to_be_bytes());
        fs::write(&path, &bytes).expect("written");
        let path = path.clone();
        soon(move || {
            for outcome in
                [StudyFile::open(&path).map(drop), Overview::open(&path).map(drop), Sqlite::open(&path).map(drop)]
            {
                let error = outcome.expect_err("refused");
                assert!(matches!(error, Error::Study(StudyError::Damaged { .. })), "{error}");
            }
            assert!(!StudyFile::verify(&path).expect("a verdict").faults.is_empty());
        });
    }
}

/// Numbers and names that a search writes down as such, with their sums.
#[test]
fn what_is_large_in_name_only_takes_no_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let write = |fits: &[StoredRecord]| {
        let mut store = Sqlite::open(&path).expect("a study");
        store.set_metadata(&metadata(None)).expect("written");
        store.add(fits, &[], &[]).expect("written");
    };
    write(&[stored("{\"x\":1}", u32::MAX, Ok(vec![0.5])), stored("{\"x\":1}", 0, Ok(vec![0.25]))]);
    let study = StudyFile::open(&path).expect("a study");
    assert_eq!((study.fits(), study.folds()), (2, 1));
    let overview = Overview::open(&path).expect("a study");
    assert_eq!((overview.fits, overview.done, overview.best_score), (2, 1, Some(0.25)));
    let mut store = Sqlite::open(&path).expect("a study");
    let wanted = [fit("{\"x\":1}", u32::MAX), fit("{\"x\":1}", u32::MAX - 1)];
    let standings = store.claim(&[&wanted[..1], &wanted[1..]], 2, true).expect("an answer");
    assert!(matches!(standings[..], [ClaimStatus::Finished(_), ClaimStatus::Claimed]), "{standings:?}");
    drop(store);

    // As many hyperparameters as candidates would be a table of 81 million cells.
    let names: Vec<StoredRecord> = (0..9000).map(|at| stored(&format!("{{\"x{at}\":1}}"), 0, Ok(vec![0.5]))).collect();
    write(&names);
    let error = StudyFile::open(&path).unwrap_err();
    assert!(error.to_string().contains("its 9001 candidates have 9001 different hyperparameters"), "{error}");
    assert_eq!(Overview::open(&path).expect("a study").candidates, 9001);
    // Nor is a list opened as often as it says.
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    write(&[stored(&deep, 0, Ok(vec![0.5]))]);
    assert!(matches!(StudyFile::open(&path), Err(Error::Study(StudyError::Damaged { .. }))));
}

/// A record says what it is of, and of which study.
#[test]
fn a_record_that_was_moved_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let [path, other] = ["x.study", "y.study"].map(|name| folder.path().join(name));
    fs::write(&path, whole()).expect("written");
    let mut store = Sqlite::open(&other).expect("a new study");
    store.set_identity(None, &Identity::new().with("seed", "8")).expect("written");
    store.add(&[stored("{\"x\":1}", 0, Ok(vec![0.25]))], &[], &[]).expect("written");
    drop(store);
    let named = |change: &str| {
        let copy = folder.path().join("copy.study");
        fs::copy(&path, &copy).expect("a copy");
        let connection = Connection::open(&copy).expect("a database");
        let attach = format!("ATTACH '{}' AS other; {change}", other.display());
        connection.execute_batch(&attach).expect("written");
        drop(connection);
        let verdict = StudyFile::verify(&copy).expect("a study");
        let said = verdict.is_mended_by_search().then_some(verdict.faults.len());
        let mut store = Sqlite::open(&copy).expect("a study");
        let damaged = store.drop_damaged().expect("written");
        assert_eq!(said, Some(damaged.len()));
        (damaged.iter().map(ToString::to_string).collect::<Vec<_>>(), sorted(&mut store).len())
    };
    let one = |name: &str| (vec![name.to_owned()], 2);
    assert_eq!(named("UPDATE record SET fold = 7 WHERE fold = 1"), one("{\"x\":1} on fold 7 (20 epochs)"));
    assert_eq!(named("UPDATE record SET params = '{\"x\":2}' WHERE fold = 2"), one("{\"x\":2} on fold 2 (20 epochs)"));
    assert_eq!(named("UPDATE record SET fit_nanoseconds = 1 WHERE fold = 2"), one("{\"x\":1} on fold 2 (20 epochs)"));
    assert_eq!(named("UPDATE record SET details = '{ }' WHERE fold = 2"), one("{\"x\":1} on fold 2 (20 epochs)"));
    assert_eq!(named("UPDATE record SET resource = '40' WHERE fold = 2"), one("{\"x\":1} on fold 2 (40 epochs)"));
    assert_eq!(named("UPDATE record SET resource = 'x' WHERE fold = 2"), one("{\"x\":1} on fold 2 (x)"));
    assert_eq!(named("UPDATE record SET curve = x'00' WHERE fold = 2"), one("{\"x\":1} on fold 2 (20 epochs)"));
    let moved = "DELETE FROM record WHERE fold = 0; INSERT INTO record SELECT * FROM other.record WHERE fold = 0";
    assert_eq!(named(moved), one("{\"x\":1} on fold 0 (20 epochs)"));
    assert_eq!(named("DELETE FROM record WHERE fold = 0"), (vec![], 2));

    for change in [
        "UPDATE part SET value = '8'",
        "DELETE FROM part",
        "INSERT INTO part VALUES ('more', '')",
        "DELETE FROM part; INSERT INTO part SELECT * FROM other.part; UPDATE seal SET value = (SELECT value FROM other.seal
         WHERE other.seal.name = 'part') WHERE name = 'part'",
        "DELETE FROM seal WHERE name = 'part'",
        "UPDATE seal SET value = zeroblob(32) WHERE name = 'salt'",
    ] {
        let copy = folder.path().join("copy.study");
        fs::copy(&path, &copy).expect("a copy");
        let connection = Connection::open(&copy).expect("a database");
        connection.execute_batch(&format!("ATTACH '{}' AS other; {change}", other.display())).expect("written");
        drop(connection);
        for outcome in [
            StudyFile::open(&copy).map(drop),
            StudyFile::verify(&copy).map(drop),
            Sqlite::open(&copy).and_then(|mut store| store.identity()).map(drop),
        ] {
            assert!(matches!(outcome, Err(Error::Study(StudyError::Damaged { .. }))), "{change}: {outcome:?}");
        }
    }
}
