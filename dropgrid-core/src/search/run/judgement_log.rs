//! The strategy's judgements of candidates, on their way to the study.

use std::time::{Duration, Instant};

use super::{candidates::Candidates, open_study::OpenStudy};
use crate::{error::Result, study::Judgements};

/// Asking the strategy takes at most one part in so many of a search's time.
const PART: u32 = 50;

/// The judgements of a search as its study has them: a search that is killed has said why it gave candidates up.
pub(super) struct JudgementLog {
    /// The judgements in the study; `None` where the search keeps none.
    written: Option<Judgements>,
    /// The time from which on the strategy is asked again.
    due: Instant,
}

impl JudgementLog {
    /// A log for a study, where the search has one of its own.
    ///
    /// # Errors
    /// Where the study cannot be read.
    pub(super) fn new(study: &OpenStudy, is_fresh: bool) -> Result<Self> {
        let is_kept = study.is_shared() && !is_fresh;
        let written = if is_kept { Some(study.judgements()?) } else { None };
        Ok(Self { written, due: Instant::now() })
    }

    /// Asks the strategy, where it is time or the search `is_over`, and writes what it newly says.
    ///
    /// # Errors
    /// Where the study cannot be written.
    pub(super) fn update(&mut self, candidates: &dyn Candidates, study: &OpenStudy, is_over: bool) -> Result<()> {
        let start = Instant::now();
        let Some(written) = self.written.as_mut().filter(|_| is_over || start >= self.due) else { return Ok(()) };
        // A strategy that panics here does so at the end as well, where its error has a report.
        let Ok(judgements) = candidates.judgements() else { return Ok(()) };
        if judgements != *written {
            study.set_judgements(&judgements)?;
            *written = judgements;
        }
        let now = Instant::now();
        self.due = now + now.duration_since(start).max(Duration::from_micros(1)) * PART;
        Ok(())
    }
}
