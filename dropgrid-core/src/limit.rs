//! Ends that come before the work is done: a request to stop, a limit of time.

#[cfg(feature = "signals")]
mod signals;

#[cfg(all(feature = "signals", unix))]
pub(crate) use signals::AbortMark;
#[cfg(feature = "signals")]
pub(crate) use signals::outlive_size_limits;

use std::{
    cell::Cell,
    io::{self, Write},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use crate::error::{Error, Failure, Result, StopReason};
#[cfg(not(feature = "signals"))]
use crate::error::{Off, SignalsFeature};

/// Lets a write beyond the limit on the size of files fail as such, which takes a signal to be caught.
#[cfg(not(feature = "signals"))]
pub(crate) fn outlive_size_limits() {}

/// Signals within this time of the first are the same request, unless a person sends them: a terminal that closes sends
/// SIGHUP from several sides, and systemd SIGTERM and SIGHUP.
const ECHO: Duration = Duration::from_secs(1);

/// A request to a search to end before it is done, which any thread may make.
///
/// A search that is asked begins no more fits. What is in flight may go on for a while and is kept if it gets to its
/// end; then the report is made of the candidates whose fits are all done, and the winner is trained on all rows. A
/// second request ends that training, too, as does a first one that comes while it runs. With a study, the same call
/// continues later.
///
/// # Examples
/// ```
/// # use std::time::Duration;
/// # use dropgrid_core::limit::Stop;
/// let stop = Stop::new();
/// let other = stop.clone();
/// other.request(Duration::from_secs(10));
/// assert!(stop.is_requested());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// When what is in flight has to end, by the first request and by the second.
    deadlines: Arc<[OnceLock<Instant>; 2]>,
    /// Requests that are asked with this one.
    followers: Arc<Mutex<Vec<Stop>>>,
}

impl Stop {
    /// A request that nobody has made yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A request that Ctrl-C, SIGTERM and SIGHUP make. The first signal asks the search to end, with `grace` for the
    /// fits in flight, and stderr says so. The second ends the process, with status 130 after Ctrl-C, 143 after SIGTERM
    /// and 129 after SIGHUP. The study has every fit that was finished before.
    ///
    /// SIGTERM and SIGHUP that come within a second of the first signal are part of the same request. A signal that the
    /// parent process has told the system to ignore, as `nohup` does with SIGHUP, stays ignored. Outside Linux the
    /// system does not tell, and SIGHUP is left alone. On Windows, a console that is closed is Ctrl-C.
    ///
    /// The process has one such handler, which takes the place of what the signals did before.
    ///
    /// It needs the feature `signals`, which is on by default.
    ///
    /// # Errors
    /// [`Error::CtrlC`] where it has one already, or can have none.
    #[cfg(feature = "signals")]
    pub fn on_ctrl_c(grace: Duration) -> Result<Self> {
        let stop = Self::new();
        let asked = stop.clone();
        let mut first: Option<Instant> = None;
        let handler = move |request: signals::Request| {
            if asked.is_requested() {
                if request.is_scheduled {
                    return;
                }
                if request.is_ctrl_c || first.is_none_or(|first| first.elapsed() >= ECHO) {
                    std::process::exit(request.status);
                }
                return;
            }
            first = Some(Instant::now());
            asked.request(grace);
            // The terminal may be gone.
            let _ = writeln!(io::stderr(), "stopping: fits in flight have {grace:?}; Ctrl-C again stops now");
        };
        signals::listen(false, handler).map_err(|error| Error::CtrlC(error.to_string()))?;
        Ok(stop)
    }

    /// A request that a scheduler makes before it ends the process: by SIGUSR1 or SIGUSR2 ahead of time, which leave
    /// fits in flight the time `warned`, or by SIGTERM, SIGHUP or Ctrl-C, which leave them the time `grace`. Of several
    /// signals the one counts that leaves less. A second Ctrl-C ends the process.
    ///
    /// # Errors
    /// [`Error::CtrlC`] where the process has a handler already, or can have none.
    #[cfg(feature = "signals")]
    pub(crate) fn on_eviction(warned: Duration, grace: Duration) -> Result<Self> {
        let stop = Self::new();
        let asked = stop.clone();
        let handler = move |request: signals::Request| {
            if request.is_ctrl_c && asked.is_requested() {
                std::process::exit(request.status);
            }
            asked.request(if request.is_warning { warned } else { grace });
        };
        signals::listen(true, handler).map_err(|error| Error::CtrlC(error.to_string()))?;
        Ok(stop)
    }

    /// Needs the feature `signals`, which is off.
    #[cfg(not(feature = "signals"))]
    pub fn on_ctrl_c(_: Duration) -> Result<Self>
    where
        for<'a> Off<'a>: SignalsFeature,
    {
        Err(Error::CtrlC("the feature `signals` of dropgrid is off".to_owned()))
    }

    /// Asks the search to end. Fits in flight have `grace`; what has not ended by then counts as not begun.
    ///
    /// Once asked, a search still trains its winner on all rows. That training ends `grace` after the second request,
    /// or after the first where nobody had asked when it began; then the search is [`Error::RefitFailed`], which
    /// [has](Error::report) the report. Later requests do not count.
    pub fn request(&self, grace: Duration) {
        let now = Instant::now();
        // A deadline that no clock can tell is none that comes.
        self.ask(now.checked_add(grace).unwrap_or_else(|| now + Duration::from_secs(u64::from(u32::MAX))));
    }

    fn ask(&self, deadline: Instant) {
        let [first, second] = &*self.deadlines;
        let _ = first.set(deadline).or_else(|deadline| second.set(deadline));
        for follower in self.followers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            follower.ask(deadline);
        }
    }

    /// Asks `other` whenever this one is asked, and now where it was.
    pub(crate) fn and(&self, other: &Self) {
        if Arc::ptr_eq(&self.deadlines, &other.deadlines) {
            return;
        }
        let mut followers = self.followers.lock().unwrap_or_else(PoisonError::into_inner);
        if followers.iter().any(|follower| Arc::ptr_eq(&follower.deadlines, &other.deadlines)) {
            return;
        }
        followers.push(other.clone());
        drop(followers);
        for deadline in self.deadlines.iter().filter_map(OnceLock::get) {
            other.ask(*deadline);
        }
    }

    /// True once somebody asked.
    pub fn is_requested(&self) -> bool {
        self.deadlines[0].get().is_some()
    }

    /// True where what is in flight has to end now, by a request that is not among the first `known`.
    fn is_over(&self, known: usize) -> bool {
        let requests = self.deadlines[known..].iter().filter_map(OnceLock::get);
        requests.min().is_some_and(|deadline| Instant::now() >= *deadline)
    }
}

/// When a search begins no more fits, and when a fit has to end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Limits {
    /// Asked for from outside.
    pub(crate) stop: Option<Stop>,
    /// Time of the whole search.
    pub(crate) time: Option<Duration>,
    /// Time of one fit.
    pub(crate) fit: Option<Duration>,
    /// Fits of the whole search.
    pub(crate) fits: Option<usize>,
    /// Epochs of the whole search.
    pub(crate) epochs: Option<u64>,
    /// The mean score that ends the search.
    pub(crate) until: Option<f64>,
}

impl Limits {
    /// Checks the limits.
    ///
    /// # Errors
    /// [`Error::Setting`] for a search of no fits or epochs, and for a score that is NaN.
    pub(crate) fn check(&self) -> Result<()> {
        let error = |setting, value: String, expected| Err(Error::Setting { setting, value, expected });
        match *self {
            Self { fits: Some(0), .. } => error("max_fits", "0".to_owned(), "at least 1"),
            Self { epochs: Some(0), .. } => error("max_epochs", "0".to_owned(), "at least 1"),
            Self { until: Some(score), .. } if score.is_nan() => error("until", score.to_string(), "a number"),
            _ => Ok(()),
        }
    }

    /// The reason why a search that began at `start` begins no more fits; `None` where it goes on.
    pub(crate) fn ended(&self, start: Instant) -> Option<StopReason> {
        if self.stop.as_ref().is_some_and(Stop::is_requested) {
            return Some(StopReason::Asked);
        }
        let budget = self.time.filter(|time| start.elapsed() >= *time)?;
        Some(StopReason::OutOfTime { budget })
    }

    /// The clock of a fit that begins now, to whose end the first `known` requests are nothing.
    pub(crate) fn clock(&self, known: usize) -> Clock {
        let limit = self.fit.map(|limit| (limit, Instant::now()));
        Clock { limit, stop: self.stop.clone(), known, has_ended: Cell::new(false) }
    }

    /// The number of requests before the training of a winner. They do not end it.
    pub(crate) fn known(&self) -> usize {
        usize::from(self.stop.as_ref().is_some_and(Stop::is_requested))
    }
}

/// When a fit has to end before its last epoch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock {
    /// The time it may take, and when it began.
    limit: Option<(Duration, Instant)>,
    stop: Option<Stop>,
    /// Requests that it does not mind.
    known: usize,
    /// True of a fit that was told to end.
    has_ended: Cell<bool>,
}

impl Clock {
    /// Ends the fit: its state is kept, from which it goes on later.
    pub(crate) fn end(&self) {
        self.has_ended.set(true);
    }

    /// Looks at the clock after a batch; epochs and batches are counted from 1.
    ///
    /// # Errors
    /// [`Failure::TimedOut`], [`Failure::Interrupted`].
    pub(crate) fn check(&self, epoch: usize, batch: usize) -> Result<(), Failure> {
        if let Some((limit, start)) = self.limit
            && start.elapsed() >= limit
        {
            return Err(Failure::TimedOut { limit, epoch, batch });
        }
        if self.is_over() {
            return Err(Failure::Interrupted);
        }
        Ok(())
    }

    /// True where a request has ended it.
    pub(crate) fn is_over(&self) -> bool {
        self.has_ended.get() || self.stop.as_ref().is_some_and(|stop| stop.is_over(self.known))
    }
}
