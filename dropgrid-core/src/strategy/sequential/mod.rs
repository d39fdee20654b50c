//! Strategies whose next candidate depends on the scores of earlier ones.

mod by_fold;
mod design;
mod history;
mod memo;
mod prior;
mod strategy;
mod two_way;

pub(in crate::strategy) use design::{Design, Step};
pub(in crate::strategy) use history::{Growth, History};
pub(in crate::strategy) use memo::{Digest, Memo};
pub(in crate::strategy) use strategy::sequential_strategy;
