//! The `dropgrid` command, which reads study files without the program that wrote them.
//!
//! `docs/command.md` describes every command, its JSON and its exit statuses.

mod args;
mod command;
mod error;
mod outcome;
mod screen;
mod study;
mod table;
mod time;
mod view;

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use clap::Parser;
use dropgrid_core::escape::{escaped, escaped_lines};

use args::Args;
use error::Error;
use outcome::Outcome;

fn main() -> ExitCode {
    match Args::parse().command.run().and_then(|outcome| print(&outcome)) {
        Ok(code) => code,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::from(2)
        }
    }
}

/// Prints the outcome of a command. A reader may close the pipe at any line, as `head` does; that is no fault.
fn print(outcome: &Outcome) -> Result<ExitCode, Error> {
    let mut stdout = io::stdout().lock();
    let is_seen = outcome.is_data && stdout.is_terminal();
    let text = if is_seen { escaped_lines(&outcome.text) } else { Cow::Borrowed(&*outcome.text) };
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(Error::Output(error)),
        _ => {}
    }
    for remark in &outcome.remarks {
        complain(remark);
    }
    Ok(ExitCode::from(if outcome.is_undone { 2 } else { u8::from(outcome.is_wrong) }))
}

fn complain(message: &str) {
    // Where stderr is closed, nobody reads the message.
    let _ = writeln!(io::stderr(), "dropgrid: {}", escaped(message));
}
