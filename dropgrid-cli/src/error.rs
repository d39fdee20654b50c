//! Why a command could not be done.

use std::{io, path::PathBuf};

/// Why a command could not be done; the exit status is then 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Study(#[from] dropgrid_core::Error),
    #[error("cannot read the folder {}: {source}", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("{} has no metric `{name}`; its metrics are {}", path.display(), known.join(", "))]
    UnknownMetric { path: PathBuf, name: String, known: Vec<String> },
    #[error("{} says that {better} {name} is better, and the command line says otherwise", path.display())]
    Direction { path: PathBuf, name: String, better: &'static str },
    #[error("{name} cannot be both maximized and minimized")]
    BothDirections { name: String },
    #[error(
        "{} does not say which way {name} is better; add `--maximize {name}` or `--minimize {name}`",
        path.display()
    )]
    NoDirection { path: PathBuf, name: String },
    #[error("{} is the study or a part of it; write the export to another file", path.display())]
    OntoItself { path: PathBuf },
    #[error("cannot tell the format of {} from its extension; add `--format csv`, `json`, `jsonl` or `md`", path.display())]
    Extension { path: PathBuf },
    #[error("there is no command `{name}`; the commands are {}", known.join(", "))]
    UnknownCommand { name: String, known: Vec<String> },
    #[error("cannot write to the standard output: {0}")]
    Output(io::Error),
}
