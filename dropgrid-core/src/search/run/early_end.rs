//! The end of a search at a limit or a fault.

use super::leader::Leader;
use crate::error::StopReason;

impl Leader<'_> {
    /// Returns the reason why the search ends at one of its fits; `None` if it has not reached a limit.
    pub(super) fn reached(&mut self) -> Option<StopReason> {
        if let Some(limits) = self.allowance.may_be_over().filter(|_| self.fault.is_none()) {
            match self.collected.candidates.end_of_one_worker(limits) {
                Ok(end) => self.allowance.end = end,
                Err(fault) => self.fault = Some(fault),
            }
        }
        self.allowance.end
    }

    /// Returns true if the strategy should be asked again: there is a new record, and no limit has been reached.
    pub(super) fn has_news(&self) -> bool {
        self.collected.has_news && self.allowance.end.is_none()
    }

    /// Returns true if more jobs may begin.
    pub(super) fn goes_on(&self, ended: Option<StopReason>) -> bool {
        ended.is_none() && self.fault.is_none() && !self.collected.must_end()
    }
}
