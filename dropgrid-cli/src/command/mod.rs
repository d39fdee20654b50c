//! The commands, one a file.

mod best;
mod diff;
mod export;
mod ls;
mod manual;
mod predict;
mod show;
mod verify;

pub(crate) use best::Best;
pub(crate) use diff::Diff;
pub(crate) use export::Export;
pub(crate) use ls::Ls;
pub(crate) use manual::{Completions, Man};
pub(crate) use predict::Predict;
pub(crate) use show::Show;
pub(crate) use verify::Verify;
