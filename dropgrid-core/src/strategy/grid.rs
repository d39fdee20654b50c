//! Exhaustive search.

use super::{Proposal, Strategy};
use crate::{
    error::{Error, Result},
    record::{Job, Record},
    space::{Enumerable, Enumeration, FiniteSpace},
};

/// Tries every candidate of a finite space on every fold, in the order of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid;

/// Jobs a proposal: enough that workers rarely wait for the last of them, few enough to hold.
const CHUNK: usize = 1 << 14;

impl<S: FiniteSpace<Kind: Enumerable>> Strategy<S> for Grid {
    fn plan(&self, space: &S, folds: u32) -> Result<Option<usize>> {
        let candidates = space.try_len()?;
        if candidates == 0 {
            return Err(Error::EmptySpace);
        }
        let jobs = candidates.checked_mul(folds as usize);
        jobs.map(Some).ok_or_else(|| Error::SpaceTooLarge { axes: format!("{candidates} candidates on {folds} folds") })
    }

    fn is_of_space(&self) -> bool {
        true
    }

    fn propose(&self, space: &S, folds: u32, records: &[Record]) -> Proposal<S::Params> {
        // Records are sorted, so one walk beside them finds the jobs that have none.
        let mut done = records.iter().map(|record| (record.candidate, record.fold)).peekable();
        let mut jobs = Vec::new();
        let space = Enumeration::new(space);
        for candidate in 0..space.len().unwrap_or(usize::MAX) as u64 {
            let mut params = None;
            for fold in 0..folds {
                if done.next_if_eq(&(candidate, fold)).is_some() {
                    continue;
                }
                let params = match &params {
                    Some(params) => params,
                    None => params.insert(match space.nth(candidate as usize) {
                        Some(params) => params,
                        None => return Ok(jobs),
                    }),
                };
                jobs.push(Job { candidate, params: S::Params::clone(params), fold });
            }
            if jobs.len() >= CHUNK {
                break;
            }
        }
        Ok(jobs)
    }
}
