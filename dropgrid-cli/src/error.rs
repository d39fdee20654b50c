//! Errors of commands.

use std::{io, path::PathBuf};

/// An error of a command. The exit status is then 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Study(#[from] dropgrid_core::Error),
    #[error("cannot read the folder {}: {source}", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("{} is the study or a part of it; write the export to another file", path.display())]
    OntoItself { path: PathBuf },
    #[error("cannot tell the format of {} from its extension; add `--format`, which takes {known}", path.display())]
    Extension { path: PathBuf, known: String },
    #[error("there is no command `{name}`; the commands are {}", known.join(", "))]
    UnknownCommand { name: String, known: Vec<String> },
    #[error("cannot listen on 127.0.0.1 at port {port}: {source}")]
    Port { port: u16, source: io::Error },
    #[error("the system gives no random numbers for the address: {source}")]
    Random { source: getrandom::Error },
    #[error("cannot write to the standard output: {0}")]
    Output(io::Error),
}
