//! Further attempts at fits that failed.

use std::mem;

use crate::{
    error::{Error, Failure, Result},
    record::Record,
    seed::{Purpose, Seed},
};

/// The failed fits that are tried again, and the number of attempts.
///
/// A fit draws from its seed and from nothing else, so one that diverged diverges again. A failure of the machine may pass:
/// a tensor without memory, a time limit, a panic. Such a fit is tried again with the same draws, and where it succeeds, it
/// has the scores and the digest of a fit that never failed. A number is such a rule:
///
/// ```
/// # use dropgrid_core::search::Retry;
/// assert_eq!(Retry::from(2), Retry::times(2));
/// assert_ne!(Retry::times(2), Retry::times(2).redrawn(1));
/// ```
///
/// The record's [details](crate::record::Details::retried) have the failures of earlier attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retry {
    times: u32,
    redraws: u32,
}

impl Retry {
    /// Tries a fit again at most `times`, with the same draws, where a tensor had no memory, its time was over or
    /// something panicked.
    pub fn times(times: u32) -> Self {
        Self { times, redraws: 0 }
    }

    /// Tries a fit again at most `times`, with other draws, where its training diverged or its scores are no finite
    /// numbers: other initial weights, orders of batches and noise, and other validation rows where it has some.
    ///
    /// It hides that the candidate's training is not stable, and compares it on other draws than the others; so it is
    /// never done unless asked for, and a study remembers how often it was. The draws of each attempt are keyed by its
    /// number: they are the same in every run. More than 1000 times is an error of the search, before any training.
    pub fn redrawn(self, times: u32) -> Self {
        Self { redraws: times, ..self }
    }

    /// Checks that draws are made anew at most a thousand times.
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

    /// The most attempts with other draws.
    pub(in crate::search) fn redraws(self) -> u32 {
        self.redraws
    }

    /// The seed of the attempts at a search's fits that draw anew for the `draw`th time; 0 is the first draws, by the
    /// search's own seed.
    pub(in crate::search) fn seed(seed: Seed, draw: u32) -> Seed {
        if draw == 0 { seed } else { Seed(seed.key(Purpose::Retry).batch(draw).value()) }
    }

    /// Runs jobs that are one training, and those again that fail and may succeed: `run` trains with the draws of a number,
    /// and gets the failures of the earlier attempts at each job. Once the search has `ended`, a job that would be tried
    /// again counts as not begun.
    pub(in crate::search) fn run<J: Clone>(
        self,
        jobs: &[J],
        ended: &dyn Fn() -> bool,
        run: &Attempt<'_, J>,
    ) -> Vec<Record> {
        let mut records = run(jobs, 0, &vec![Vec::new(); jobs.len()]);
        let mut attempts = vec![Attempts::default(); jobs.len()];
        // Each job has the attempts that it would have alone; jobs with the same draws are tried together.
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

    /// The draws of the next attempt of the first job that has one. Notes for each job that failed whether it has one.
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

    /// True where one more attempt may follow the `failure` of the last one; counts it.
    fn may_follow(self, failure: &Failure, attempts: &mut Attempts) -> bool {
        match cause(failure) {
            Cause::Machine if attempts.times < self.times => attempts.times += 1,
            Cause::Draws if attempts.draw < self.redraws => attempts.draw += 1,
            _ => return false,
        }
        true
    }

    /// The result of a piece of work, tried as often as it may be, with the failures of the attempts before the last. Once
    /// the search has `ended`, work that would be tried again counts as not begun.
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

/// Runs jobs with the draws of a number; it gets the failures of the earlier attempts at each of them.
type Attempt<'a, J> = dyn Fn(&[J], u32, &[Vec<Failure>]) -> Vec<Record> + 'a;

impl From<u32> for Retry {
    fn from(times: u32) -> Self {
        Self::times(times)
    }
}

/// The attempts at a job so far.
#[derive(Debug, Clone, Default)]
struct Attempts {
    /// Attempts that repeated the draws of the one before.
    times: u32,
    /// The number of the draws.
    draw: u32,
    /// The draws of the next attempt; `None` where there is none.
    next: Option<u32>,
    /// The failures of the attempts before it.
    failed: Vec<Failure>,
}

/// The cause of a failure.
enum Cause {
    /// The machine: the same fit may succeed at another moment.
    Machine,
    /// The random draws: the fit may succeed with others.
    Draws,
    /// The fit itself: it fails again.
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

    /// Runs two jobs whose attempts fail as said, by job; gives the attempts as `jobs @ draws`, and each job's failures.
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
