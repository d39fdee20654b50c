//! Jobs side by side on worker threads, each job on one core.

use std::{
    any::Any,
    iter,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use crate::error::{Error, Failure, Result};

/// Runs `work` on every job and hands each result to `done` as it comes, in any order. Where `done` breaks, jobs that
/// have not begun are left.
///
/// Each worker is a one-thread rayon pool: dfdx's matrix product uses as many threads as the pool it runs in, so a job
/// computes on one core and gives the same bits whatever runs beside it. A job that panics gives
/// [`Failure::Panicked`]; the others go on.
///
/// # Errors
/// [`Error::Workers`] where a thread cannot be started.
pub(crate) fn run<J: Sync, R: Send>(
    workers: usize,
    jobs: &[J],
    work: impl Fn(&J) -> Result<R, Failure> + Sync,
    mut done: impl FnMut(&J, Result<R, Failure>) -> ControlFlow<()>,
) -> Result<()> {
    let ended = || false;
    run_in_groups(workers, jobs, ended, work, |results| {
        results.into_iter().try_for_each(|(job, result)| done(job, result))
    })
}

/// As [`run`], but `done` gets all results that have come since it was called, so that it can take its time: workers
/// do not wait for it. Once `ended`, no job begins.
pub(crate) fn run_in_groups<J: Sync, R: Send>(
    workers: usize,
    jobs: &[J],
    ended: impl Fn() -> bool + Sync,
    work: impl Fn(&J) -> Result<R, Failure> + Sync,
    mut done: impl FnMut(Vec<(&J, Result<R, Failure>)>) -> ControlFlow<()>,
) -> Result<()> {
    let pools: Vec<rayon::ThreadPool> = (0..workers.min(jobs.len()))
        .map(|worker| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(1)
                .thread_name(move |_| format!("dropgrid-{worker}"))
                .build()
                .map_err(|error| Error::Workers(error.to_string()))
        })
        .collect::<Result<_>>()?;
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();

    thread::scope(|scope| {
        for pool in &pools {
            let (sender, next, work, ended) = (sender.clone(), &next, &work, &ended);
            scope.spawn(move || {
                pool.install(|| {
                    while !ended() {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(job) = jobs.get(index) else { return };
                        let result = catch(|| work(job));
                        if sender.send((index, result)).is_err() {
                            return;
                        }
                    }
                });
            });
        }
        drop(sender);
        while let Ok(first) = receiver.recv() {
            let results = iter::once(first).chain(receiver.try_iter());
            if done(results.map(|(index, result)| (&jobs[index], result)).collect()).is_break() {
                next.store(jobs.len(), Ordering::Relaxed);
            }
        }
    });
    Ok(())
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
