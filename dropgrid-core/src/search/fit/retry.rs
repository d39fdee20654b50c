//! Retries of failed fits.

use std::mem;

use crate::{
    error::{Error, Failure, Result},
    record::Record,
    seed::{Purpose, Seed},
};

/// Sets which failed fits are retried, and how often.
///
/// A fit draws all random numbers from its seed, so a fit that diverged diverges again. A failure of the machine may
/// not recur: a failed memory allocation, a time limit, a panic. Such a fit is retried with the same draws. If it then
/// succeeds, it has the same scores and digest as a fit that never failed. A number converts to this rule:
///
/// ```
/// # use dropgrid_core::search::Retry;
/// assert_eq!(Retry::from(2), Retry::times(2));
/// assert_ne!(Retry::times(2), Retry::times(2).redrawn(1));
/// ```
///
/// The record's [details](crate::record::Details::retried) contain the failures of earlier attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retry {
    times: u32,
    redraws: u32,
}

impl Retry {
    /// Retries a fit at most `times` times, with the same random draws, if a memory allocation failed, its time limit
    /// passed, or it panicked.
    pub fn times(times: u32) -> Self {
        Self { times, redraws: 0 }
    }

    /// Retries a fit at most `times` times, with other random draws, if its training diverged or a score is not a
    /// finite number. The other draws change the initial weights, the order of batches, the noise, and the validation
    /// rows if there are any.
    ///
    /// This hides that the candidate's training is unstable, and compares the candidate on other draws than the rest.
    /// So it is off by default, and it is part of a study's identity. The draws of each attempt depend on its number
    /// only, so they are the same in every run. More than 1000 times is an error of the search, before any training.
    pub fn redrawn(self, times: u32) -> Self {
        Self { redraws: times, ..self }
    }

    /// Checks that `redrawn` allows at most 1000 retries.
    ///
    /// # Errors
    /// [`Error::Setting`].
    pub(in crate::search) fn check(self) -> Result<()> {
        const MOST: u32 = 1000;
        if self.redraws <= MOST {
            return Ok(());
        }
        Err(Error::Setting { setting: "redrawn", value: self.redraws.to_string(), expected: "at most 1000" })
    }

    /// Returns the largest number of retries with other draws.
    pub(in crate::search) fn redraws(self) -> u32 {
        self.redraws
    }

    /// Returns the seed of the attempts with draw number `draw`. Number 0 is the first attempt, with the search's own
    /// seed.
    pub(in crate::search) fn seed(seed: Seed, draw: u32) -> Seed {
        if draw == 0 { seed } else { Seed(seed.key(Purpose::Retry).batch(draw).value()) }
    }

    /// Runs jobs that share one training, and retries those whose failures allow it. `run` trains with the draws of the
    /// given number and gets the failures of the earlier attempts at each job. Once the search has `ended`, a job that
    /// is due for a retry counts as not begun.
    pub(in crate::search) fn run<J: Clone>(
        self,
        jobs: &[J],
        ended: &dyn Fn() -> bool,
        run: &Attempt<'_, J>,
    ) -> Vec<Record> {
        let mut records = run(jobs, 0, &vec![Vec::new(); jobs.len()]);
        let mut attempts = vec![Attempts::default(); jobs.len()];
        // Each job gets the attempts that it would get alone. Jobs with the same draw number are run together.
        while let Some(draw) = self.next(&mut records, &mut attempts) {
            let again: Vec<usize> = (0..jobs.len()).filter(|&at| attempts[at].next == Some(draw)).collect();
            if ended() {
                for &at in &again {
                    records[at].outcome = Err(Failure::Interrupted);
                }
            } else {
                let failed: Vec<_> = again.iter().map(|&at| attempts[at].failed.clone()).collect();
                let results = run(&again.iter().map(|&at| jobs[at].clone()).collect::<Vec<_>>(), draw, &failed);
                for (&at, result) in again.iter().zip(results) {
                    records[at] = result;
                }
            }
            for at in again {
                attempts[at].next = None;
                records[at].details.retried = mem::take(&mut attempts[at].failed);
            }
        }
        records
    }

    /// Returns the draw number of the next attempt: that of the first job that is due for one. Notes for each failed
    /// job whether it is due.
    fn next(self, records: &mut [Record], attempts: &mut [Attempts]) -> Option<u32> {
        for (record, attempts) in records.iter_mut().zip(&mut *attempts) {
            if attempts.next.is_none()
                && let Err(failure) = &record.outcome
                && self.may_follow(failure, attempts)
            {
                attempts.next = Some(attempts.draw);
                attempts.failed = mem::take(&mut record.details.retried);
                attempts.failed.push(failure.clone());
            }
        }
        attempts.iter().find_map(|attempts| attempts.next)
    }

    /// Returns true if one more attempt may follow the `failure` of the last one, and counts that attempt.
    fn may_follow(self, failure: &Failure, attempts: &mut Attempts) -> bool {
        match cause(failure) {
            Cause::Machine if attempts.times < self.times => attempts.times += 1,
            Cause::Draws if attempts.draw < self.redraws => attempts.draw += 1,
            _ => return false,
        }
        true
    }

    /// Runs a function until it succeeds or no retry is left, and returns its result with the failures of the earlier
    /// attempts. Once the search has `ended`, work that is due for a retry counts as not begun.
    pub(in crate::search) fn until<R>(
        self,
        ended: impl Fn() -> bool,
        run: impl Fn(u32) -> Result<R, Failure>,
    ) -> (Result<R, Failure>, Vec<Failure>) {
        let mut attempts = Attempts::default();
        loop {
            match run(attempts.draw) {
                Err(failure) if self.may_follow(&failure, &mut attempts) => attempts.failed.push(failure),
                outcome => return (outcome, attempts.failed),
            }
            if ended() {
                return (Err(Failure::Interrupted), attempts.failed);
            }
        }
    }
}

/// Runs jobs with the draws of the given number. The function gets the failures of the earlier attempts at each job.
type Attempt<'a, J> = dyn Fn(&[J], u32, &[Vec<Failure>]) -> Vec<Record> + 'a;

impl From<u32> for Retry {
    fn from(times: u32) -> Self {
        Self::times(times)
    }
}

/// The attempts at a job so far.
#[derive(Debug, Clone, Default)]
struct Attempts {
    /// The number of retries with the same draws as the attempt before.
    times: u32,
    /// The draw number of the last attempt.
    draw: u32,
    /// The draw number of the next attempt; `None` if there is none.
    next: Option<u32>,
    /// The failures of the attempts before the last one.
    failed: Vec<Failure>,
}

/// The cause of a failure.
enum Cause {
    /// The machine: the same fit may succeed if it is run again.
    Machine,
    /// The random draws: the fit may succeed with other draws.
    Draws,
    /// The fit itself: it would fail again.
    Itself,
}

fn cause(failure: &Failure) -> Cause {
    match failure {
        Failure::Device { .. } | Failure::TimedOut { .. } | Failure::Panicked { .. } => Cause::Machine,
        Failure::Diverged { .. }
        | Failure::NonFiniteOutput { .. }
        | Failure::NonFiniteWeights { .. }
        | Failure::NonFiniteScore { .. } => Cause::Draws,
        _ => Cause::Itself,
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, time::Duration};

    use super::*;
    use crate::record::{Budget, Job};

    fn device() -> Failure {
        Failure::Device { message: "no memory".to_owned() }
    }

    fn diverged() -> Failure {
        Failure::Diverged { epoch: 1, batch: 1, loss: f32::NAN }
    }

    fn build() -> Failure {
        Failure::Build { message: "no".to_owned() }
    }

    fn failed(failure: Failure) -> Record {
        let job = Job { candidate: 0, params: (), fold: 0, budget: Budget::Full };
        Record::failed(&job, failure, Duration::ZERO)
    }

    /// Runs two jobs whose attempts fail as given, by job. Returns the attempts as `jobs @ draws`, and each job's
    /// failures.
    fn attempts(retry: Retry, failures: [&[Failure]; 2]) -> (Vec<String>, [Vec<Failure>; 2]) {
        let job = |candidate: usize| candidate;
        let (calls, counts) = (RefCell::new(Vec::new()), RefCell::new([0; 2]));
        let outcomes = retry.run(&[job(0), job(1)], &|| false, &|jobs, draw, _| {
            let numbers: Vec<String> = jobs.iter().map(ToString::to_string).collect();
            calls.borrow_mut().push(format!("{} @ {draw}", numbers.join(" ")));
            let run = |&number: &usize| {
                let count = std::mem::replace(&mut counts.borrow_mut()[number], 0);
                counts.borrow_mut()[number] = count + 1;
                failed(failures[number].get(count).cloned().unwrap_or_else(build))
            };
            jobs.iter().map(run).collect()
        });
        let retried: Vec<Vec<Failure>> = outcomes.into_iter().map(|outcome| outcome.details.retried).collect();
        (calls.into_inner(), retried.try_into().expect("two jobs"))
    }

    #[test]
    fn redraws_are_bounded() {
        assert!(Retry::times(u32::MAX).redrawn(1000).check().is_ok());
        let error = Retry::default().redrawn(u32::MAX).check().expect_err("too many");
        assert_eq!(error.to_string(), "redrawn is 4294967295, expected at most 1000");
    }

    #[test]
    fn the_machine_is_tried_with_the_same_draws_and_divergence_with_others() {
        let (none, times, redrawn) = (Retry::default(), Retry::times(2), Retry::times(1).redrawn(2));
        let said = |calls: &[&str]| calls.iter().map(ToString::to_string).collect::<Vec<_>>();
        let all = [device(), device(), device(), device()];
        assert_eq!(attempts(none, [&all, &all]), (said(&["0 1 @ 0"]), [vec![], vec![]]));
        assert_eq!(
            attempts(times, [&all, &all[..1]]),
            (said(&["0 1 @ 0", "0 1 @ 0", "0 @ 0"]), [all[..2].to_vec(), all[..1].to_vec()])
        );
        // NaN is not equal to itself, but it prints the same.
        let (calls, retried) =
            attempts(redrawn, [&[diverged(), device(), diverged(), diverged()], &[device(), device()]]);
        assert_eq!(calls, said(&["0 1 @ 0", "0 @ 1", "0 @ 1", "0 @ 2", "1 @ 0"]));
        assert_eq!(format!("{retried:?}"), format!("{:?}", [vec![diverged(), device(), diverged()], vec![device()]]));
        let (calls, _) = attempts(times, [&[build()], &[diverged()]]);
        assert_eq!(calls, said(&["0 1 @ 0"]), "what fails by itself fails again");
    }

    #[test]
    fn a_search_that_ends_has_not_begun_what_it_would_try_again() {
        let job = 0;
        let outcomes = Retry::times(3).run(&[job], &|| true, &|_, _, _| vec![failed(device())]);
        assert!(matches!(outcomes[0].outcome, Err(Failure::Interrupted)));
        let (outcome, failed) = Retry::times(3).until(|| true, |_| Err::<(), _>(device()));
        assert_eq!((outcome, failed), (Err(Failure::Interrupted), vec![device()]));
    }

    #[test]
    fn one_piece_of_work_is_tried_like_a_job() {
        for (retry, failures) in [
            (Retry::default(), vec![device()]),
            (Retry::times(2), vec![device(), device(), device()]),
            (Retry::times(1).redrawn(2), vec![device(), device(), device()]),
            (Retry::times(2), vec![device(), build(), device()]),
        ] {
            let (calls, retried) = attempts(retry, [&failures, &[build()]]);
            let draws = RefCell::new(Vec::new());
            let (outcome, failed) = retry.until(
                || false,
                |draw| {
                    let failure = failures.get(draws.borrow().len()).cloned().unwrap_or_else(build);
                    draws.borrow_mut().push(format!("0 @ {draw}"));
                    Err::<(), _>(failure)
                },
            );
            assert_eq!(failed, retried[0]);
            assert_eq!(draws.borrow().len(), calls.len(), "{calls:?}");
            assert!(outcome.is_err());
        }
        let redrawn = Retry::default().redrawn(3);
        let draws = redrawn.until(|| false, |draw| if draw < 2 { Err(diverged()) } else { Ok(draw) });
        assert_eq!((draws.0, draws.1.len()), (Ok(2), 2));
    }
}
