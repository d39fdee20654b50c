//! Fits that other processes have, by the last answers to the caller.

use std::collections::HashSet;

use crate::study::FitName;

/// Fits of which the last answer to the caller was that another process has them.
///
/// An answer holds until something has changed, for whatever reason the store has looked at the other processes. From then
/// on it is out of date until the caller has asked for that fit again.
#[derive(Default)]
pub(super) struct Awaited {
    /// Those of which nothing has changed since the answer.
    known: HashSet<FitName>,
    outdated: HashSet<FitName>,
}

impl Awaited {
    /// Notes an answer: that another process has these fits, or not.
    pub(super) fn tell(&mut self, fits: &[FitName], is_elsewhere: bool) {
        for fit in fits {
            self.outdated.remove(fit);
            if is_elsewhere {
                self.known.insert(fit.clone());
            } else {
                self.known.remove(fit);
            }
        }
    }

    /// Notes that other processes or their claims may have changed.
    pub(super) fn outdate(&mut self) {
        self.outdated.extend(self.known.drain());
    }

    /// True where an answer is out of date.
    pub(super) fn is_outdated(&self) -> bool {
        !self.outdated.is_empty()
    }
}
