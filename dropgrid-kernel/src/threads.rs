//! Threads that several workers have together, of which each uses those that no other one needs.
//!
//! Work that threads share has the same bits on any number of them: each thread computes numbers of its own, and each
//! number is the same sum in the same order.

#[cfg(feature = "threads")]
pub use on::SpareThreads;

#[cfg(feature = "threads")]
pub(crate) use on::{Share, share};

#[cfg(feature = "threads")]
mod on {
    use std::{
        cell::RefCell,
        sync::{
            Arc, OnceLock,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use rayon::{ThreadPool, ThreadPoolBuilder};

    thread_local! {
        static THREADS: RefCell<Option<Arc<SpareThreads>>> = const { RefCell::new(None) };
    }

    /// Threads for the large operations of several workers, of which a worker uses those that no other one needs. They
    /// start with the first operation that is large enough.
    #[derive(Debug)]
    pub struct SpareThreads {
        count: usize,
        /// The workers that are at work.
        busy: AtomicUsize,
        /// All threads but that which asks for help; none where the system starts none.
        pool: OnceLock<Option<ThreadPool>>,
    }

    impl SpareThreads {
        /// So many threads, for as many workers at the most.
        pub fn new(count: usize) -> Arc<Self> {
            Arc::new(Self { count, busy: AtomicUsize::new(0), pool: OnceLock::new() })
        }

        /// Runs `work` as the work of one worker: these threads help with its large operations on this thread.
        pub fn install<R>(self: &Arc<Self>, work: impl FnOnce() -> R) -> R {
            self.busy.fetch_add(1, Ordering::Relaxed);
            let _reset = EndOfWork { threads: self, before: THREADS.replace(Some(Arc::clone(self))) };
            work()
        }

        /// The number of threads for an operation of one worker that is worth so many: one in so many workers of those
        /// that there are.
        pub(super) fn spare(&self, worth: usize) -> usize {
            (self.count / self.busy.load(Ordering::Relaxed).max(1)).min(worth)
        }

        fn pool(&self) -> Option<&ThreadPool> {
            let name = |thread| format!("dropgrid-spare-{thread}");
            let start = || ThreadPoolBuilder::new().num_threads(self.count - 1).thread_name(name).build().ok();
            self.pool.get_or_init(start).as_ref()
        }
    }

    /// Ends the work of a worker, also by a panic.
    struct EndOfWork<'a> {
        threads: &'a SpareThreads,
        before: Option<Arc<SpareThreads>>,
    }

    impl Drop for EndOfWork<'_> {
        fn drop(&mut self) {
            self.threads.busy.fetch_sub(1, Ordering::Relaxed);
            THREADS.replace(self.before.take());
        }
    }

    /// The threads of one operation, two or more.
    pub(crate) struct Share {
        threads: Arc<SpareThreads>,
        count: usize,
    }

    /// Threads for an operation of this thread's worker that is worth `worth` of them; `None` where there are not two.
    pub(crate) fn share(worth: usize) -> Option<Share> {
        if worth < 2 {
            return None;
        }
        let threads = THREADS.with_borrow(Clone::clone)?;
        let count = threads.spare(worth);
        (count > 1 && threads.pool().is_some()).then_some(Share { threads, count })
    }

    impl Share {
        pub(crate) fn count(&self) -> usize {
            self.count
        }

        /// Calls `compute` on each part, of which there should be one a thread; on the first in this thread.
        pub(crate) fn each<T: Send>(&self, mut parts: impl Iterator<Item = T>, compute: impl Fn(T) + Sync) {
            let Some(own) = parts.next() else { return };
            let Some(pool) = self.threads.pool() else {
                compute(own);
                return parts.for_each(compute);
            };
            // What a part consists of is not shared again.
            let _reset = Alone(THREADS.take());
            pool.in_place_scope(|scope| {
                let compute = &compute;
                for part in parts {
                    scope.spawn(move |_| compute(part));
                }
                compute(own);
            });
        }
    }

    /// Gives a thread back what helps it.
    struct Alone(Option<Arc<SpareThreads>>);

    impl Drop for Alone {
        fn drop(&mut self) {
            THREADS.replace(self.0.take());
        }
    }

    #[cfg(test)]
    #[cfg(not(miri))]
    mod tests {
        use std::panic::{AssertUnwindSafe, catch_unwind};

        use super::*;

        #[test]
        fn workers_leave_each_other_their_threads() {
            let threads = SpareThreads::new(5);
            let spare = |worth| threads.spare(worth);
            assert_eq!(spare(100), 5);
            threads.install(|| {
                assert_eq!((spare(100), spare(3), spare(1)), (5, 3, 1));
                threads.install(|| assert_eq!(spare(100), 2));
                threads.install(|| threads.install(|| assert_eq!(spare(100), 1)));
            });
            let panicked = catch_unwind(AssertUnwindSafe(|| threads.install(|| panic!("in its work"))));
            assert!(panicked.is_err() && threads.busy.load(Ordering::Relaxed) == 0);
            assert!(threads.pool.get().is_none(), "threads start when they are needed");
        }

        #[test]
        fn each_part_is_computed_once_and_alone() {
            assert!(share(2).is_none(), "no worker");
            SpareThreads::new(1).install(|| assert!(share(9).is_none(), "no second thread"));
            let threads = SpareThreads::new(3);
            let parts: [AtomicUsize; 5] = Default::default();
            threads.install(|| {
                assert!(share(1).is_none(), "not worth it");
                let three = share(9).expect("three threads");
                assert_eq!(three.count(), 3);
                three.each(parts.iter(), |part| {
                    assert!(share(9).is_none(), "a part of a part");
                    part.fetch_add(1, Ordering::Relaxed);
                });
                three.each(parts[..0].iter(), |_| unreachable!("there is no part"));
                let panicked = catch_unwind(AssertUnwindSafe(|| three.each(parts.iter(), |_| panic!("in a part"))));
                assert!(panicked.is_err() && share(9).is_some(), "a worker with its threads still");
            });
            assert_eq!(parts.map(AtomicUsize::into_inner), [1; 5]);
            assert!(share(9).is_none(), "a worker still");
        }
    }
}

#[cfg(not(feature = "threads"))]
pub(crate) use off::{Share, share};

#[cfg(not(feature = "threads"))]
mod off {
    /// The threads of one operation, of which there are none in this build.
    pub(crate) enum Share {}

    pub(crate) fn share(_worth: usize) -> Option<Share> {
        None
    }

    impl Share {
        pub(crate) fn count(&self) -> usize {
            match *self {}
        }

        pub(crate) fn each<T>(&self, _parts: impl Iterator<Item = T>, _compute: impl Fn(T)) {
            match *self {}
        }
    }
}
