//! Strategies whose next candidate depends on the scores of earlier ones.

mod design;
mod history;
mod memo;

pub(in crate::strategy) use design::{Design, Step, design_settings};
pub(in crate::strategy) use history::History;
pub(in crate::strategy) use memo::{Digest, Memo};
