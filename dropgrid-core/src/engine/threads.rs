//! Runs jobs in parallel on worker threads.

use std::{
    any::Any,
    collections::VecDeque,
    mem,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::{
    error::{Error, Failure, Result},
    kernel::threads::SpareThreads,
};

/// How long a result waits for others while no worker waits for a job. The leader then writes them together.
const GATHER: Duration = Duration::from_millis(10);

/// A duration longer than any fit.
pub(crate) const LONG: Duration = Duration::from_hours(1);

/// Runs `work` on every job, on `threads` threads, and passes each result to `done` as it arrives, in any order. If
/// `done` breaks, jobs that have not begun are dropped.
///
/// # Errors
/// [`Error::Workers`] if a thread cannot be started.
pub(crate) fn run<J: Sync, R: Send>(
    threads: usize,
    jobs: &[J],
    work: impl Fn(&J) -> Result<R, Failure> + Sync,
    mut done: impl FnMut(&J, Result<R, Failure>) -> ControlFlow<()>,
) -> Result<()> {
    let mut begun = false;
    lead(threads.min(jobs.len()), threads, &|&index: &usize| work(&jobs[index]), &mut |workers| {
        if !mem::replace(&mut begun, true) {
            workers.begin(0..jobs.len());
        }
        let next = workers.results().into_iter().try_for_each(|(index, result)| done(&jobs[index], result));
        (next.is_continue() && !workers.are_free()).then_some(LONG)
    })
}

/// Runs `work` on one worker with `threads` threads, and returns its result.
///
/// # Errors
/// [`Failure::Panicked`] if `work` panics or a thread cannot be started.
pub(crate) fn run_alone<R: Send>(threads: usize, work: impl Fn() -> R + Sync) -> Result<R, Failure> {
    let mut outcome = None;
    let done = |(): &(), result| {
        outcome = Some(result);
        ControlFlow::Continue(())
    };
    run(threads, &[()], |(): &()| Ok(work()), done)?;
    outcome.unwrap_or_else(|| unreachable!("the only job has run"))
}

/// Starts workers that run the jobs of a leader. `leader` is called when results have arrived, and at the latest after
/// the time that it returned last, until it returns `None`. Jobs that have not begun are then dropped, and `leader`
/// gets the results of the running ones.
///
/// Each worker is a rayon pool of one thread. dfdx's matrix product uses all threads of the pool that it runs in, and
/// its bits could depend on their number. The bits of the large kernel operations do not, so these use the threads
/// among `threads` that no worker needs. A job that panics gives [`Failure::Panicked`], and the other jobs continue.
/// Workers wait for the leader only if they have no job left.
///
/// The closures are trait objects, so that this is compiled for the types of jobs and results alone, and not again for
/// each model.
///
/// # Errors
/// [`Error::Workers`] if a thread cannot be started.
pub(crate) fn lead<J: Send, R: Send>(
    workers: usize,
    threads: usize,
    work: &(dyn Fn(&J) -> Result<R, Failure> + Sync),
    leader: &mut dyn FnMut(&mut Workers<'_, J, R>) -> Option<Duration>,
) -> Result<()> {
    let pools: Vec<rayon::ThreadPool> = (0..workers)
        .map(|worker| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(1)
                .thread_name(move |_| format!("dropgrid-{worker}"))
                .build()
                .map_err(|error| Error::Workers(error.to_string()))
        })
        .collect::<Result<_>>()?;
    let spare_threads = SpareThreads::new(threads);
    let state = State { ready: VecDeque::new(), flying: 0, results: Vec::new(), is_over: false };
    let channel = JobChannel { state: Mutex::new(state), work: Condvar::new(), news: Condvar::new() };
    thread::scope(|scope| {
        for pool in &pools {
            let (channel, spare_threads) = (&channel, &spare_threads);
            scope.spawn(move || {
                pool.install(|| {
                    let mut finished = None;
                    while let Some(job) = channel.exchange(finished.take()) {
                        let result = catch(|| spare_threads.install(|| work(&job)));
                        finished = Some((job, result));
                    }
                });
            });
        }
        // The workers end even if the leader panics.
        let end = EndOnDrop(&channel);
        let mut workers = Workers { channel: &channel, count: workers, results: Vec::new() };
        while let Some(patience) = leader(&mut workers) {
            workers.results = channel.gather(patience);
        }
        workers.results = channel.end();
        if !workers.results.is_empty() {
            leader(&mut workers);
        }
        drop(end);
    });
    Ok(())
}

/// The workers, as their leader uses them.
pub(crate) struct Workers<'a, J, R> {
    channel: &'a JobChannel<J, R>,
    count: usize,
    results: Vec<Finished<J, R>>,
}

type Finished<J, R> = (J, Result<R, Failure>);

impl<J, R> Workers<'_, J, R> {
    /// Returns the results that have arrived since the leader was last called.
    pub(crate) fn results(&mut self) -> Vec<Finished<J, R>> {
        mem::take(&mut self.results)
    }

    /// Queues jobs behind those that have not begun.
    pub(crate) fn begin(&mut self, jobs: impl IntoIterator<Item = J>) {
        let mut state = self.channel.lock();
        state.ready.extend(jobs);
        drop(state);
        self.channel.work.notify_all();
    }

    /// Takes back the jobs that have not begun.
    pub(crate) fn take_back(&mut self) -> impl Iterator<Item = J> {
        mem::take(&mut self.channel.lock().ready).into_iter()
    }

    /// Returns the number of workers.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Returns the number of jobs that have not begun.
    pub(crate) fn waiting(&self) -> usize {
        self.channel.lock().ready.len()
    }

    /// Returns the number of workers for which there is no job.
    pub(crate) fn idle(&self) -> usize {
        let state = self.channel.lock();
        self.count.saturating_sub(state.flying + state.ready.len())
    }

    /// Returns true if the leader has the result of every job.
    pub(crate) fn are_free(&self) -> bool {
        let state = self.channel.lock();
        state.flying == 0 && state.ready.is_empty() && state.results.is_empty() && self.results.is_empty()
    }
}

/// The channel from which workers take jobs and to which they return results.
struct JobChannel<J, R> {
    state: Mutex<State<J, R>>,
    /// Wakes workers.
    work: Condvar,
    /// Wakes the leader.
    news: Condvar,
}

struct State<J, R> {
    ready: VecDeque<J>,
    flying: usize,
    results: Vec<Finished<J, R>>,
    is_over: bool,
}

impl<J, R> JobChannel<J, R> {
    // No code panics while it holds the lock.
    fn lock(&self) -> MutexGuard<'_, State<J, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a worker's result and waits for its next job; `None` at the end of the work.
    fn exchange(&self, finished: Option<Finished<J, R>>) -> Option<J> {
        let mut state = self.lock();
        if let Some(finished) = finished {
            state.flying -= 1;
            state.results.push(finished);
            // The first result wakes the leader, and so does a worker without a job.
            if state.results.len() == 1 || state.ready.is_empty() {
                self.news.notify_one();
            }
        }
        let mut state = self
            .work
            .wait_while(state, |state| state.ready.is_empty() && !state.is_over)
            .unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            return None;
        }
        state.flying += 1;
        state.ready.pop_front()
    }

    /// Waits for results and returns all that have arrived; empty if none arrives within `patience`.
    fn gather(&self, patience: Duration) -> Vec<Finished<J, R>> {
        let wait = |state, time, goes_on: fn(&mut State<J, R>) -> bool| {
            self.news.wait_timeout_while(state, time, goes_on).unwrap_or_else(PoisonError::into_inner).0
        };
        let state = wait(self.lock(), patience, |state| state.results.is_empty());
        let mut state = wait(state, GATHER, |state| !state.ready.is_empty() && !state.results.is_empty());
        mem::take(&mut state.results)
    }

    /// Drops the jobs that have not begun, and waits for those that have.
    fn end(&self) -> Vec<Finished<J, R>> {
        let mut state = self.lock();
        state.is_over = true;
        state.ready.clear();
        self.work.notify_all();
        let mut state = self.news.wait_while(state, |state| state.flying > 0).unwrap_or_else(PoisonError::into_inner);
        mem::take(&mut state.results)
    }
}

/// Ends the workers when it is dropped, also after a panic.
struct EndOnDrop<'a, J, R>(&'a JobChannel<J, R>);

impl<J, R> Drop for EndOnDrop<'_, J, R> {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.work.notify_all();
    }
}

/// Runs `work`, and turns a panic into a failure.
pub(crate) fn catch<R>(work: impl FnOnce() -> Result<R, Failure>) -> Result<R, Failure> {
    let panicked = |panic: Box<dyn Any + Send>| Err(Failure::Panicked { message: message(&*panic) });
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

/// Returns the message of a panic.
fn message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a value that is no text".to_owned())
}
