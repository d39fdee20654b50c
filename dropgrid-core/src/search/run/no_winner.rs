//! The error of a search that has no winner.

use crate::error::{self, AnyReport, Error, Failure, Stopped, StrategyError};

/// An error of the study or the strategy that ends a search.
pub(super) enum Fault {
    Study(Error),
    Strategy(StrategyError),
}

impl From<StrategyError> for Fault {
    fn from(error: StrategyError) -> Self {
        Self::Strategy(error)
    }
}

/// The end of a search without a winner.
pub(super) struct NoWinner {
    pub(super) fault: Option<Fault>,
    /// Makes the error of a search in which no finalist has a mean score; `None` if some finalist has one.
    pub(super) undecided: Option<Box<dyn FnOnce(Option<AnyReport>) -> Error>>,
    pub(super) stopped: Option<Stopped>,
    /// The strategy with its settings.
    pub(super) strategy: String,
    pub(super) folds: u32,
    /// The number of proposed candidates.
    pub(super) proposed: usize,
    /// The number of fits that have a record.
    pub(super) done: usize,
    pub(super) failures: Vec<Failure>,
}

impl NoWinner {
    /// Returns the error of the search, which has the report of the finished fits.
    pub(super) fn error(self, report: Option<AnyReport>) -> Error {
        let Self { fault, undecided, stopped, strategy, folds, proposed, done, failures } = self;
        let of_strategy = |error, report| Error::Strategy { strategy, error: Box::new(error), report };
        match (fault, undecided, stopped) {
            (Some(Fault::Strategy(fault)), ..) => of_strategy(fault, report),
            (Some(Fault::Study(mut error)), ..) => {
                if let Error::Study(error) = &mut error
                    && let Some(kept) = error.report_mut()
                {
                    *kept = report;
                }
                error
            }
            (None, Some(undecided), _) => undecided(report),
            (None, None, Some(stopped)) => Error::Stopped { stopped, report },
            (None, None, None) if done == 0 => of_strategy(StrategyError::Nothing, report),
            (None, None, None) if failures.len() == done => {
                Error::AllFitsFailed { fits: done, reasons: error::group(&failures), report }
            }
            (None, None, None) => {
                let error = StrategyError::Unfinished { folds, candidates: proposed, fits: done };
                of_strategy(error, report)
            }
        }
    }
}
