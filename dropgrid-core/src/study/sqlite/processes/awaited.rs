//! Fits that other processes have, as the caller was last told.

use std::collections::HashSet;

use crate::study::FitName;

/// Fits whose last answer to the caller was that another process has them.
///
/// Any look at the others may find that they have not any more, whatever the look was for. So an answer is good until
/// something has changed, and counts as out of date from then on until the caller has asked for that fit again.
#[derive(Default)]
pub(super) struct Awaited {
    /// Nothing has changed since the answer.
    known: HashSet<FitName>,
    outdated: HashSet<FitName>,
}

impl Awaited {
    /// The caller is told of these whether another process has them.
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

    /// Other processes, or what they have, may have changed.
    pub(super) fn outdate(&mut self) {
        self.outdated.extend(self.known.drain());
    }

    /// Whether an answer is out of date.
    pub(super) fn is_outdated(&self) -> bool {
        !self.outdated.is_empty()
    }
}
