//! Writes the strategy's judgements of candidates to the study.

use std::time::{Duration, Instant};

use super::{candidates::Candidates, open_study::OpenStudy};
use crate::{error::Result, study::Judgements};

/// Asking the strategy for judgements takes at most one `PART`th of the search's time.
const PART: u32 = 50;

/// The judgements of a search as its study has them. They are written during the search, so that a killed search leaves
/// them, too.
pub(super) struct JudgementLog {
    /// The judgements in the study; `None` if the search does not write them.
    written: Option<Judgements>,
    /// The time at which the strategy is asked again.
    due: Instant,
}

impl JudgementLog {
    /// Makes a log for a study. It writes nothing on fresh repeats, or if the study is not in a file.
    ///
    /// # Errors
    /// An error if the study cannot be read.
    pub(super) fn new(study: &OpenStudy, is_fresh: bool) -> Result<Self> {
        let is_kept = study.is_shared() && !is_fresh;
        let written = if is_kept { Some(study.judgements()?) } else { None };
        Ok(Self { written, due: Instant::now() })
    }

    /// Asks the strategy if it is due or the search `is_over`, and writes its judgements if they changed.
    ///
    /// # Errors
    /// An error if the study cannot be written.
    pub(super) fn update(&mut self, candidates: &dyn Candidates, study: &OpenStudy, is_over: bool) -> Result<()> {
        let start = Instant::now();
        let Some(written) = self.written.as_mut().filter(|_| is_over || start >= self.due) else { return Ok(()) };
        // A strategy that panics here also panics at the end of the search, where its error has a report.
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
