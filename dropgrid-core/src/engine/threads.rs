//! Jobs side by side on worker threads, each job on one core.

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

use crate::error::{Error, Failure, Result};

/// How long results wait for others that come with them, as long as no worker waits for a job. Whoever leads then writes
/// them down together.
const GATHER: Duration = Duration::from_millis(10);

/// A time that nobody waits for.
pub(crate) const LONG: Duration = Duration::from_hours(1);

/// Runs `work` on every job and hands each result to `done` as it comes, in any order. Where `done` breaks, jobs that
/// have not begun are left.
///
/// # Errors
/// [`Error::Workers`] where a thread cannot be started.
pub(crate) fn run<J: Sync, R: Send>(
    workers: usize,
    jobs: &[J],
    work: impl Fn(&J) -> Result<R, Failure> + Sync,
    mut done: impl FnMut(&J, Result<R, Failure>) -> ControlFlow<()>,
) -> Result<()> {
    let mut begun = false;
    lead(
        workers.min(jobs.len()),
        |&index| work(&jobs[index]),
        |hands| {
            if !mem::replace(&mut begun, true) {
                hands.begin(0..jobs.len());
            }
            let next = hands.results().into_iter().try_for_each(|(index, result)| done(&jobs[index], result));
            (next.is_continue() && !hands.are_free()).then_some(LONG)
        },
    )
}

/// Workers that do what a leader gives them: `leader` is asked again and again, when results have come and at the latest
/// after the time that it said, until it says none. Then jobs that have not begun are left, and it hears of those that
/// were in flight.
///
/// Each worker is a one-thread rayon pool: dfdx's matrix product uses as many threads as the pool it runs in, so a job
/// computes on one core and gives the same bits whatever runs beside it. A job that panics gives
/// [`Failure::Panicked`]; the others go on. Workers wait for the leader only where it has given them too little.
///
/// # Errors
/// [`Error::Workers`] where a thread cannot be started.
pub(crate) fn lead<J: Send, R: Send>(
    workers: usize,
    work: impl Fn(&J) -> Result<R, Failure> + Sync,
    mut leader: impl FnMut(&mut Hands<'_, J, R>) -> Option<Duration>,
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
    let state = State { ready: VecDeque::new(), flying: 0, results: Vec::new(), is_over: false };
    let desk = Desk { state: Mutex::new(state), work: Condvar::new(), news: Condvar::new() };
    thread::scope(|scope| {
        for pool in &pools {
            let (desk, work) = (&desk, &work);
            scope.spawn(move || {
                pool.install(|| {
                    let mut finished = None;
                    while let Some(job) = desk.exchange(finished.take()) {
                        let result = catch(|| work(&job));
                        finished = Some((job, result));
                    }
                });
            });
        }
        // Whatever happens to the leader, the workers come to an end.
        let end = End(&desk);
        let mut hands = Hands { desk: &desk, workers, results: Vec::new() };
        while let Some(patience) = leader(&mut hands) {
            hands.results = desk.gather(patience);
        }
        hands.results = desk.end();
        if !hands.results.is_empty() {
            leader(&mut hands);
        }
        drop(end);
    });
    Ok(())
}

/// The workers, as their leader sees them.
pub(crate) struct Hands<'a, J, R> {
    desk: &'a Desk<J, R>,
    workers: usize,
    results: Vec<Finished<J, R>>,
}

type Finished<J, R> = (J, Result<R, Failure>);

impl<J, R> Hands<'_, J, R> {
    /// What has come since the leader was asked last.
    pub(crate) fn results(&mut self) -> Vec<Finished<J, R>> {
        mem::take(&mut self.results)
    }

    /// Jobs to begin, after those that wait.
    pub(crate) fn begin(&mut self, jobs: impl IntoIterator<Item = J>) {
        let mut state = self.desk.lock();
        state.ready.extend(jobs);
        drop(state);
        self.desk.work.notify_all();
    }

    /// Takes jobs back that have not begun.
    pub(crate) fn take_back(&mut self) -> impl Iterator<Item = J> {
        mem::take(&mut self.desk.lock().ready).into_iter()
    }

    /// How many workers there are.
    pub(crate) fn workers(&self) -> usize {
        self.workers
    }

    /// Jobs that have not begun.
    pub(crate) fn waiting(&self) -> usize {
        self.desk.lock().ready.len()
    }

    /// Workers that have nothing to do and nothing to begin.
    pub(crate) fn idle(&self) -> usize {
        let state = self.desk.lock();
        self.workers.saturating_sub(state.flying + state.ready.len())
    }

    /// Whether every job that was begun has been heard of.
    pub(crate) fn are_free(&self) -> bool {
        let state = self.desk.lock();
        state.flying == 0 && state.ready.is_empty() && state.results.is_empty() && self.results.is_empty()
    }
}

/// Where workers take jobs and leave results.
struct Desk<J, R> {
    state: Mutex<State<J, R>>,
    /// Workers wait for it.
    work: Condvar,
    /// The leader waits for it.
    news: Condvar,
}

struct State<J, R> {
    ready: VecDeque<J>,
    flying: usize,
    results: Vec<Finished<J, R>>,
    is_over: bool,
}

impl<J, R> Desk<J, R> {
    /// Nothing panics while it holds the lock.
    fn lock(&self) -> MutexGuard<'_, State<J, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A worker leaves what it has finished and takes the next job; nothing once all is over.
    fn exchange(&self, finished: Option<Finished<J, R>>) -> Option<J> {
        let mut state = self.lock();
        if let Some(finished) = finished {
            state.flying -= 1;
            state.results.push(finished);
            // The leader is woken by the first result, and by whatever ends its patience for more of them.
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

    /// Results, as many as come together; none where none comes in time.
    fn gather(&self, patience: Duration) -> Vec<Finished<J, R>> {
        let wait = |state, time, goes_on: fn(&mut State<J, R>) -> bool| {
            self.news.wait_timeout_while(state, time, goes_on).unwrap_or_else(PoisonError::into_inner).0
        };
        let state = wait(self.lock(), patience, |state| state.results.is_empty());
        let mut state = wait(state, GATHER, |state| !state.ready.is_empty() && !state.results.is_empty());
        mem::take(&mut state.results)
    }

    /// Lets jobs go that have not begun, and waits for those that have.
    fn end(&self) -> Vec<Finished<J, R>> {
        let mut state = self.lock();
        state.is_over = true;
        state.ready.clear();
        self.work.notify_all();
        let mut state = self.news.wait_while(state, |state| state.flying > 0).unwrap_or_else(PoisonError::into_inner);
        mem::take(&mut state.results)
    }
}

/// Ends the work where it stands, however its scope is left.
struct End<'a, J, R>(&'a Desk<J, R>);

impl<J, R> Drop for End<'_, J, R> {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.work.notify_all();
    }
}

/// Runs `work`; a panic in it is a failure.
pub(crate) fn catch<R>(work: impl FnOnce() -> Result<R, Failure>) -> Result<R, Failure> {
    let panicked = |panic: Box<dyn Any + Send>| Err(Failure::Panicked { message: message(&*panic) });
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a value that is no text".to_owned())
}
