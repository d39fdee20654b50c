//! Tests that run in a process of their own.

use std::{env, process::Command};

/// What a test program is given to run one test of `module`, which is its `module_path!()`, and to print what that
/// prints.
pub(super) fn arguments(module: &str, test: &str) -> [String; 3] {
    let inside = module.split_once("::").map_or(String::new(), |(_, inside)| format!("{inside}::"));
    ["--exact".to_owned(), format!("{inside}{test}"), "--nocapture".to_owned()]
}

/// This program as a process that runs one test of `module`.
pub(super) fn command(module: &str, test: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(arguments(module, test));
    command
}
