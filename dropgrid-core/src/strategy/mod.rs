//! Search strategies: which candidates are tried on which folds.

mod grid;
mod only;
mod random;

pub use grid::Grid;
pub use only::{Candidates, Only};
pub use random::Random;

use std::{error::Error, fmt};

use crate::{
    error::Result,
    record::{Job, Record},
    space::Space,
};

/// The next jobs of a search, or why there are none to be had.
pub type Proposal<P> = Result<Vec<Job<P>>, Box<dyn Error + Send + Sync>>;
/// The number of jobs of a proposal: enough that workers rarely wait for the last of them, few enough to hold.
const CHUNK: usize = 1 << 14;

/// The first jobs without a record, about [`CHUNK`] of them, of the candidates 0 to `candidates`. Only those that are
/// proposed are made; one that cannot be made is passed over.
fn missing<P: Clone>(
    candidates: usize,
    folds: u32,
    records: &[Record],
    candidate: impl Fn(usize) -> Option<P>,
) -> Vec<Job<P>> {
    // Records are sorted, so one walk beside them finds the jobs that have none.
    let mut done = records.iter().map(|record| (record.candidate, record.fold)).peekable();
    let mut jobs = Vec::new();
    for number in 0..candidates {
        let mut made = None;
        for fold in 0..folds {
            if done.next_if_eq(&(number as u64, fold)).is_some() {
                continue;
            }
            let Some(params) = made.get_or_insert_with(|| candidate(number)) else { break };
            jobs.push(Job { candidate: number as u64, params: params.clone(), fold });
        }
        if jobs.len() >= CHUNK {
            break;
        }
    }
    jobs
}

/// Proposes work as a pure function of the space and the records so far.
///
/// It keeps no state, so a search resumes from its records, and it knows nothing of who runs the jobs.
pub trait Strategy<S: Space>: fmt::Debug {
    /// Checks that the strategy can search `space`, and says how many jobs that takes where it is known.
    ///
    /// # Errors
    /// [`SpaceError::TooLarge`](crate::error::SpaceError::TooLarge) for a grid that cannot be counted.
    fn plan(&self, space: &S, folds: u32) -> Result<Option<usize>>;

    /// The next jobs, given all `records` sorted by candidate and fold; none when the search is finished.
    ///
    /// A job is a fit that has no record, on one of `folds` folds. Each candidate has a number of its own. A candidate is
    /// ranked once it has a record on every fold. Two candidates may have the same values, as two draws of a random
    /// search: a study keeps one record of each fold for both.
    ///
    /// # Errors
    /// Any error of the strategy's own. The search then ends with [`Error::Strategy`](crate::Error::Strategy), as it does
    /// where the strategy panics or breaks the rules above; the error has the report of what was done before.
    fn propose(&self, space: &S, folds: u32, records: &[Record]) -> Proposal<S::Params>;

    /// True of a strategy whose candidates all come from the space's axes. The candidates of others are checked as they
    /// are proposed.
    fn is_of_space(&self) -> bool {
        false
    }

    /// Candidates that do not come from the axes: a search builds each of them once before any training, so that a
    /// value outside its layer's range is found early.
    fn listed(&self) -> &[S::Params] {
        &[]
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::record::Details;

    fn record(job: &Job<usize>) -> Record {
        Record {
            candidate: job.candidate,
            fold: job.fold,
            outcome: Ok(Vec::new()),
            warnings: Vec::new(),
            train_scores: None,
            fit_time: Duration::ZERO,
            score_time: Duration::ZERO,
            details: Details::default(),
        }
    }

    #[test]
    fn chunks_are_bounded_and_leave_nothing_out() {
        let (candidates, folds) = (3 * CHUNK + 7, 2);
        // Every tenth candidate cannot be made.
        let candidate = |number: usize| (!number.is_multiple_of(10)).then_some(number);
        let mut records = Vec::new();
        let mut rounds = 0;
        loop {
            let jobs = missing(candidates, folds, &records, candidate);
            assert!(jobs.len() < CHUNK + folds as usize);
            if jobs.is_empty() {
                break;
            }
            records.extend(jobs.iter().map(record));
            rounds += 1;
        }
        assert_eq!(rounds, 6);
        let expected = (0..candidates).filter(|number| !number.is_multiple_of(10));
        let expected = expected.flat_map(|number| (0..folds).map(move |fold| (number as u64, fold)));
        assert!(records.iter().map(|record| (record.candidate, record.fold)).eq(expected));
    }

    #[test]
    fn only_what_is_proposed_is_made() {
        let jobs = missing(usize::MAX, 3, &[], |number| {
            assert!(number <= CHUNK / 3, "candidate {number} is of a later proposal");
            Some(number)
        });
        assert_eq!(jobs.len(), (CHUNK / 3 + 1) * 3);
    }
}
