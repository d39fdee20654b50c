//! Tells the crate which compiler builds it, for the pages of searches.

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC");
    println!("cargo::rustc-env=DROPGRID_COMPILER={}", compiler().unwrap_or_else(|| "unknown".to_owned()));
}

/// Returns what the compiler says of its version; `None` if it cannot be asked.
fn compiler() -> Option<String> {
    let output = Command::new(env::var_os("RUSTC")?).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.lines().next()?.trim();
    (output.status.success() && !version.is_empty()).then(|| version.to_owned())
}
