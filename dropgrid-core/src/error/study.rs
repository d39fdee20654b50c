//! Faults of a study and its file.

use std::{path::PathBuf, time::Duration};

use super::{any_report::AnyReport, worded::worded};
use crate::escape::{escaped, joined, shown};

worded! {
/// The reason why a study cannot be used.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// A study remembers another search.
    #[error(
        "{path} is the study of another search: {}; give this search another file{}",
        joined(differences, "; "),
        if *can_extend { ", or ask for `Study::at(...).extend()`" } else { "" },
        path = shown(path)
    )]
    Differs {
        /// The file.
        path: PathBuf,
        /// The differences, as `part was this, is that`.
        differences: Vec<String>,
        /// True where a search that [extends](crate::study::Study::extend) the study may differ so.
        can_extend: bool,
    },
    /// The name of a study is not one that SQLite takes for a file.
    #[error("{:?} names no file for a study: {fault}; name a file, like `digits.study`", name.to_string_lossy())]
    Name {
        /// The name.
        name: PathBuf,
        /// The reason why it names no file.
        fault: &'static str,
    },
    /// The file of a study, or SQLite's log beside it, was removed, renamed or replaced while a search wrote to it. The
    /// search ended there. [`Error::report`](super::Error::report) has what it had found.
    #[error(
        "{} was {fault} while the search was writing the study {}: what it finished since may be in no file{}; \
         leave the files where they are, and call again",
        shown(file), shown(path), hint(report.as_ref())
    )]
    Lost {
        /// The study.
        path: PathBuf,
        /// The file that is not there any more.
        file: PathBuf,
        /// Its fate: removed, renamed or replaced.
        fault: &'static str,
        /// The report of the candidates that were done, without a fitted model, where there were any.
        report: Option<AnyReport>,
    },
    /// Another process opens the study and does not come to an end.
    #[error(
        "another process has been opening or closing {} for {waited:?}; end it, or give this search another file",
        shown(path)
    )]
    InUse {
        /// The file.
        path: PathBuf,
        /// The time that this process has waited.
        waited: Duration,
    },
    /// A file is no study.
    #[error("{} is no study of dropgrid; name another file", shown(path))]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A study is written in a format that this release does not know.
    #[error("{} is in format {found}, and this release of dropgrid knows format {known}; use a newer one", shown(path))]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i32,
        /// The format known.
        known: i32,
    },
    /// A study's file is damaged. Where that was found in the middle of a search,
    /// [`Error::report`](super::Error::report) has what the search had found.
    #[error(
        "{} is damaged: {message}{}; restore a copy, or begin anew in another file",
        shown(path), hint(report.as_ref()), message = escaped(message)
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The damage, in words.
        message: String,
        /// The report of the candidates that were done, without a fitted model, where there were any.
        report: Option<AnyReport>,
    },
    /// Records of a study are damaged; the rest of it is sound. The search of the study trains their fits anew.
    #[error(
        "{} has damaged records: {}; run its search again, which trains these fits anew, or restore a copy",
        shown(path),
        joined(records, "; ")
    )]
    Records {
        /// The file.
        path: PathBuf,
        /// The damaged records, in words.
        records: Vec<String>,
    },
    /// A file bears the mark of a study, but its tables are not those of one.
    #[error("{} is not made as a study is: {message}; do not trust it, and begin anew in another file", shown(path))]
    Schema {
        /// The file.
        path: PathBuf,
        /// The table, view or trigger that is too much, missing or different.
        message: String,
    },
    /// A study could not be read or written. Where that happened in the middle of a search,
    /// [`Error::report`](super::Error::report) has what the search had found.
    #[error("cannot {doing} the study {}: {message}{}", shown(path), hint(report.as_ref()), message = escaped(message))]
    Store {
        /// The file.
        path: PathBuf,
        /// The attempted action.
        doing: &'static str,
        /// The error in words.
        message: String,
        /// The report of the candidates that were done, without a fitted model, where there were any.
        report: Option<AnyReport>,
    },
}
}

impl StudyError {
    /// The place for the report of a search that ended with this error; `None` of an error that comes before any
    /// training.
    pub(crate) fn report_mut(&mut self) -> Option<&mut Option<AnyReport>> {
        match self {
            Self::Lost { report, .. } | Self::Damaged { report, .. } | Self::Store { report, .. } => Some(report),
            _ => None,
        }
    }
}

/// The place of the report, for a message.
fn hint(report: Option<&AnyReport>) -> &'static str {
    if report.is_some() {
        "; the report of what was done is in the error: `error.report::<Model, Targets>()`"
    } else {
        ""
    }
}
