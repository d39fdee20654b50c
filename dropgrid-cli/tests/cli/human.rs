//! What the commands print for people, at the widths of their terminals.

use std::{fmt::Write, fs, path::Path};

use crate::support::{FROZEN, binary, handmade};

/// Runs of several commands, each below its command line. No line is wider than the terminal.
fn transcript(folder: &Path, columns: usize, runs: &[&[&str]]) -> String {
    let mut text = String::new();
    for args in runs {
        let output = binary(folder).args(*args).env("COLUMNS", columns.to_string()).output().expect("the binary");
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        for line in stdout.lines() {
            assert!(line.chars().count() <= columns, "wider than {columns}: {line}");
        }
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        let _ = writeln!(text, "$ dropgrid {}\n{stdout}{stderr}", args.join(" "));
    }
    text
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    handmade(&folder.path().join("digits.study"));
    handmade(&folder.path().join("more-digits.study"));
    fs::copy(FROZEN, folder.path().join("small.study")).expect("a copy");
    let small = fs::File::options().append(true).open(folder.path().join("small.study")).expect("the copy");
    small.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("a time");
    folder
}

const RUNS: &[&[&str]] = &[
    &["ls"],
    &["show", "digits.study", "--top", "7"],
    &["show", "small.study"],
    &["best", "digits.study"],
    &["diff", "digits.study", "small.study"],
    &["verify", "digits.study"],
];

#[test]
fn at_80_columns() {
    insta::assert_snapshot!(transcript(folder().path(), 80, RUNS));
}

#[test]
fn at_120_columns() {
    insta::assert_snapshot!(transcript(folder().path(), 120, RUNS));
}

#[test]
fn nothing_is_wider_than_a_narrow_terminal() {
    for columns in [28, 30, 40, 50, 60, 70, 100] {
        transcript(folder().path(), columns, &[&["show", "digits.study"], &["best", "digits.study"]]);
    }
}

#[test]
fn helps() {
    let runs: &[&[&str]] = &[&["--help"], &["ls", "--help"], &["export", "--help"], &["verify", "--help"]];
    insta::assert_snapshot!(transcript(folder().path(), 80, runs));
}
