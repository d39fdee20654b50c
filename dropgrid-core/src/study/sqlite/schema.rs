//! The mark, the format and the tables of a study's file.

/// `drop` in ASCII, at offset 68 of the file. The command `file` and SQLite's own tools show it.
pub(super) const APPLICATION_ID: i32 = 0x6472_6f70;
/// The format that this release writes and reads.
pub(super) const FORMAT: i32 = 1;

/// The table of the identity's parts.
pub(super) const PART: &str = "part";
/// The table of the metadata.
pub(super) const METADATA: &str = "metadata";

/// The table of the strategy's judgements of candidates.
pub(super) const JUDGEMENT: &str = "judgement";

/// The SQL texts of all tables. SQLite stores these texts, and a file with other texts is [refused](super::guard).
///
/// Scores are little-endian bits, so that NaN is preserved. Failures and warnings are JSON. Details are a JSON object,
/// which may get more fields within a format. A resource is a text like `5/20@0.5`. A curve without epochs has no
/// bytes. A process has a row while it works on the study, with the number of fits that it runs at once, a JSON
/// list of those that it has claimed, and a number that is never reused. States are large, so their table has row numbers.
///
/// Rows that affect results have a [checksum](super::seal). Each record and each state has its own. The checksums of
/// the tables of names and texts are in `seal`, beside the salt of all checksums.
pub(super) const OBJECTS: [&str; 8] = [
    "CREATE TABLE seal (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE part (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE judgement (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE record (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        resource TEXT NOT NULL,
        scores BLOB,
        train_scores BLOB,
        failure TEXT,
        warnings TEXT NOT NULL,
        fit_nanoseconds INTEGER NOT NULL,
        score_nanoseconds INTEGER NOT NULL,
        details TEXT NOT NULL,
        curve BLOB NOT NULL,
        seal BLOB NOT NULL,
        PRIMARY KEY (params, resource, fold),
        CHECK ((scores IS NULL) <> (failure IS NULL))
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE state (
        trajectory TEXT NOT NULL,
        fold INTEGER NOT NULL,
        epochs INTEGER NOT NULL,
        lasting INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        seal BLOB NOT NULL,
        PRIMARY KEY (trajectory, fold, epochs)
    ) STRICT",
    "CREATE TABLE process (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        heartbeats INTEGER NOT NULL,
        lease_milliseconds INTEGER NOT NULL,
        leaving INTEGER NOT NULL,
        workers INTEGER NOT NULL,
        fits TEXT NOT NULL
    ) STRICT",
    "CREATE TABLE crash (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        resource TEXT NOT NULL,
        times INTEGER NOT NULL,
        PRIMARY KEY (params, fold, resource)
    ) STRICT, WITHOUT ROWID",
];
