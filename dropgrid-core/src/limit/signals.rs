//! Signals of the operating system: requests to stop, and how a process dies.
//!
//! A signal that the parent process has told the system to ignore, as `nohup` does with SIGHUP, stays ignored where the
//! system says so, which is on Linux.

#[cfg(unix)]
pub(super) use unix::listen;
#[cfg(unix)]
pub(crate) use unix::{AbortMark, outlive_size_limits};
#[cfg(windows)]
pub(super) use windows::listen;

use std::io;

/// Nothing to outlive: only Unix has such a signal.
#[cfg(not(unix))]
pub(crate) fn outlive_size_limits() {}

/// A request to stop that comes from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    /// True where a person pressed Ctrl-C. Others may send several signals for one request, as a terminal that closes
    /// does.
    pub(super) is_ctrl_c: bool,
    /// True of a signal by which a scheduler warns ahead of the one that ends the process.
    pub(super) is_warning: bool,
    /// True where the program also runs for a scheduler, whose request decides when the process ends.
    pub(super) is_scheduled: bool,
    /// The exit status of a process that it ended, as shells count it: 128 and the number of the signal.
    pub(super) status: i32,
}

/// The error of a process that has a listener already.
fn taken() -> io::Error {
    io::Error::other("it has a handler already")
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::{self, File},
        io,
        sync::{Mutex, Once, PoisonError, atomic::AtomicBool},
        thread,
    };

    use signal_hook::{
        SigId,
        consts::{SIGABRT, SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ},
        flag,
        iterator::{Handle, Signals},
        low_level::{pipe, unregister},
    };

    use super::{Request, taken};

    /// A call for each request.
    type Listener = Box<dyn FnMut(Request) + Send>;

    /// The thread that hears signals, and whom it tells.
    struct Listening {
        handle: Handle,
        /// True of those who hear warnings, too, who come first.
        listeners: Vec<(bool, Listener)>,
    }

    static LISTENING: Mutex<Option<Listening>> = Mutex::new(None);

    /// Calls `on` for each SIGINT, SIGTERM and SIGHUP from now on, on a thread of its own; for each SIGUSR1 and
    /// SIGUSR2, too, where `warnings` are heard. A process has one listener that hears warnings, and one that does not.
    ///
    /// # Errors
    /// Where the process has such a listener already, or the system allows none.
    pub(in crate::limit) fn listen(warnings: bool, on: impl FnMut(Request) + Send + 'static) -> io::Result<()> {
        let ahead = [SIGUSR1, SIGUSR2];
        let mut listening = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
        let listening = match &mut *listening {
            Some(listening) => listening,
            none => {
                let heard = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !is_left_alone(signal));
                let mut signals = Signals::new(heard)?;
                let handle = signals.handle();
                let tell = move || {
                    for signal in signals.forever() {
                        let (is_ctrl_c, is_warning) = (signal == SIGINT, ahead.contains(&signal));
                        let mut listening = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
                        let Some(Listening { listeners, .. }) = &mut *listening else { continue };
                        let is_scheduled = listeners.iter().any(|(warned, _)| *warned);
                        let request = Request { is_ctrl_c, is_warning, is_scheduled, status: 128 + signal };
                        let listeners = listeners.iter_mut().filter(|(warned, _)| *warned || !is_warning);
                        listeners.for_each(|(_, on)| on(request));
                    }
                };
                thread::Builder::new().name("dropgrid-signals".to_owned()).spawn(tell)?;
                none.insert(Listening { handle, listeners: Vec::new() })
            }
        };
        if listening.listeners.iter().any(|(warned, _)| *warned == warnings) {
            return Err(taken());
        }
        if warnings {
            ahead.into_iter().try_for_each(|signal| listening.handle.add_signal(signal))?;
        }
        let place = if warnings { 0 } else { listening.listeners.len() };
        listening.listeners.insert(place, (warnings, Box::new(on)));
        Ok(())
    }

    /// True where a signal is not to be touched: it is ignored, or it may be and nobody can tell.
    fn is_left_alone(signal: i32) -> bool {
        mask("SigIgn").map_or(signal == SIGHUP, |ignored| has(ignored, signal))
    }

    /// Lets a write beyond the limit on the size of files fail as such from now on, in place of ending the process.
    pub(crate) fn outlive_size_limits() {
        static ARMED: Once = Once::new();
        static CAME: AtomicBool = AtomicBool::new(false);
        ARMED.call_once(|| {
            // Where it cannot be caught, it ends the process as it did.
            if mask("SigIgn").is_none_or(|ignored| !has(ignored, SIGXFSZ)) {
                let _ = flag::register(SIGXFSZ, &CAME);
            }
        });
    }

    /// While it lasts, a process that aborts writes [`BYTE`](Self::BYTE) to the end of a file before it dies: by
    /// [`std::process::abort`], a panic that cannot unwind, a stack that overflows, or memory that cannot be had.
    #[derive(Debug)]
    pub(crate) struct AbortMark(SigId);

    /// Ends the process after all marks are made, as the signal itself would.
    static END: Mutex<Option<SigId>> = Mutex::new(None);

    impl AbortMark {
        pub(crate) const BYTE: u8 = b'X';

        /// Marks aborts in a file that is open to append; nothing where SIGABRT is ignored.
        ///
        /// # Errors
        /// Where the signal cannot be caught.
        pub(crate) fn new(file: File) -> io::Result<Option<Self>> {
            static ALWAYS: AtomicBool = AtomicBool::new(true);
            if mask("SigIgn").is_some_and(|ignored| has(ignored, SIGABRT)) {
                return Ok(None);
            }
            let mut end = END.lock().unwrap_or_else(PoisonError::into_inner);
            // A handler of the program's own decides what follows.
            let is_ours = end.is_some() || mask("SigCgt").is_none_or(|caught| !has(caught, SIGABRT));
            let mark = Self(pipe::register(SIGABRT, file)?);
            if is_ours {
                // Actions run in the order in which they were registered.
                let last = flag::register_conditional_default(SIGABRT, &ALWAYS)?;
                if let Some(before) = end.replace(last) {
                    unregister(before);
                }
            }
            Ok(Some(mark))
        }
    }

    impl Drop for AbortMark {
        fn drop(&mut self) {
            unregister(self.0);
        }
    }

    /// A set of signals that this process ignores or catches; nothing where the system does not tell.
    fn mask(name: &str) -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let set = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        u64::from_str_radix(set.trim(), 16).ok()
    }

    fn has(mask: u64, signal: i32) -> bool {
        mask >> (signal - 1) & 1 == 1
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        #[cfg(target_os = "linux")]
        fn the_system_tells_what_is_caught() {
            let caught = || has(mask("SigCgt").expect("a set"), SIGXFSZ);
            outlive_size_limits();
            assert!(caught());
            assert!(!has(mask("SigIgn").expect("a set"), SIGABRT));
            assert!(has(0b100, 3) && !has(0b100, 2) && !has(0b100, 4));
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::{
        io,
        sync::{Mutex, PoisonError},
    };

    use super::{Request, taken};

    /// A call for each request, and true of one that runs for a scheduler.
    type Listener = (bool, Box<dyn FnMut(Request) + Send>);

    static LISTENERS: Mutex<Vec<Listener>> = Mutex::new(Vec::new());

    /// Calls `on` for each Ctrl-C from now on, on a thread of its own. Windows has no signal that warns: a process has
    /// one listener that asks for `warnings`, since it runs for a scheduler, and one that does not.
    ///
    /// # Errors
    /// Where the process has such a listener already, or the system allows none.
    pub(in crate::limit) fn listen(warnings: bool, on: impl FnMut(Request) + Send + 'static) -> io::Result<()> {
        let mut listeners = LISTENERS.lock().unwrap_or_else(PoisonError::into_inner);
        if listeners.iter().any(|(warned, _)| *warned == warnings) {
            return Err(taken());
        }
        if listeners.is_empty() {
            let tell = || {
                let mut listeners = LISTENERS.lock().unwrap_or_else(PoisonError::into_inner);
                let is_scheduled = listeners.iter().any(|(warned, _)| *warned);
                let request = Request { is_ctrl_c: true, is_warning: false, is_scheduled, status: 130 };
                listeners.iter_mut().for_each(|(_, on)| on(request));
            };
            ctrlc::set_handler(tell).map_err(|error| match error {
                ctrlc::Error::MultipleHandlers => taken(),
                other => io::Error::other(other),
            })?;
        }
        // The one of a scheduler comes first.
        let place = if warnings { 0 } else { listeners.len() };
        listeners.insert(place, (warnings, Box::new(on)));
        Ok(())
    }
}
