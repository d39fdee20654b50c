//! The last answers to the caller about fits that other processes have claimed.

use std::collections::HashMap;

use crate::study::FitName;

/// The fits of which the caller was last told that another process has claimed them, and whether that answer is
/// outdated.
///
/// An answer is outdated once any call finds a change in the other processes, until the caller asks for that fit again.
#[derive(Default)]
pub(super) struct Answers(HashMap<FitName, bool>);

impl Answers {
    /// Notes the answer that another process has claimed these fits, or that none has.
    pub(super) fn note(&mut self, fits: &[FitName], is_elsewhere: bool) {
        for fit in fits {
            if is_elsewhere {
                self.0.insert(fit.clone(), false);
            } else {
                self.0.remove(fit);
            }
        }
    }

    /// Notes that other processes or their claims may have changed.
    pub(super) fn outdate(&mut self) {
        self.0.values_mut().for_each(|is_outdated| *is_outdated = true);
    }

    /// Returns true if some answer is outdated.
    pub(super) fn are_outdated(&self) -> bool {
        self.0.values().any(|is_outdated| *is_outdated)
    }
}
