//! The commands, one a file.

mod best;
mod diff;
mod export;
mod ls;
mod manual;
mod predict;
mod report;
mod serve;
mod show;
mod verify;
mod watch;

pub(crate) use best::Best;
pub(crate) use diff::Diff;
pub(crate) use export::{Export, check_output};
pub(crate) use ls::{Ls, studies};
pub(crate) use manual::{Completions, Man};
pub(crate) use predict::Predict;
pub(crate) use report::Report;
pub(crate) use serve::Serve;
pub(crate) use show::Show;
pub(crate) use verify::Verify;
pub(crate) use watch::Watch;
