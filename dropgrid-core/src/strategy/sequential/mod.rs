//! Strategies whose next candidate depends on the scores of earlier ones.

mod design;
mod history;
mod memo;
mod prior;
mod strategy;

pub(in crate::strategy) use design::{Design, Step};
pub(in crate::strategy) use history::History;
pub(in crate::strategy) use memo::{Digest, Memo};
pub(in crate::strategy) use strategy::sequential_strategy;
