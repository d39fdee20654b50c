//! The compiler, called as it was for this program: on the crates that are built already.

use std::{path::Path, process::Command};

const INVOCATION: &[&str] = &invocation::invocation!();

/// The compiler's judgement of a file.
pub(crate) enum Verdict {
    Compiles,
    /// It does not compile, and these are the messages.
    Fails(String),
}

/// Checks a program of one file, which may use what these tests may.
pub(crate) fn check(file: &Path) -> Verdict {
    let folder = tempfile::tempdir().expect("a folder for what the compiler writes");
    let (compiler, arguments) = INVOCATION.split_first().expect("a compiler");
    let output = Command::new(compiler)
        .args(["--edition=2024", "--crate-type=bin", "--crate-name=ui", "--emit=metadata", "-Adead_code"])
        .args(["--color=never", "--diagnostic-width=140", "--out-dir"])
        .arg(folder.path())
        .args(arguments)
        .arg(file)
        .output()
        .expect("a compiler that starts");
    if output.status.success() {
        return Verdict::Compiles;
    }
    Verdict::Fails(String::from_utf8(output.stderr).expect("messages in Unicode"))
}
