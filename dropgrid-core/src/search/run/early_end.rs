//! The end of a search at a score or a fault.

use super::leader::Leader;
use crate::error::StopReason;

impl Leader<'_> {
    /// The end of the search at its score, where it is reached.
    pub(super) fn reached(&mut self) -> Option<StopReason> {
        if let Some(score) = self.allowance.may_be_reached().filter(|_| self.fault.is_none()) {
            match self.collected.candidates.reaches(score) {
                Ok(true) => self.allowance.reach(),
                Ok(false) => {}
                Err(fault) => self.fault = Some(fault),
            }
        }
        self.allowance.end.filter(|_| self.allowance.is_reached())
    }

    /// True where the strategy is to be asked again: there is a new record, and its jobs may be taken.
    pub(super) fn has_news(&self) -> bool {
        self.collected.has_news && self.allowance.end.is_none()
    }

    /// True where more jobs are to begin.
    pub(super) fn goes_on(&self, ended: Option<StopReason>) -> bool {
        ended.is_none() && self.fault.is_none() && !self.collected.must_end()
    }
}
