//! Numbered candidates, for strategies that decide how long to train each of them.

use std::{error::Error, fmt, ops::Range};

use super::View;
use crate::{error::Result, space::Space, split::Warning};

/// A source of candidates with numbers from 0 on: the base of a strategy that decides only which of them to train
/// further, as successive halving.
///
/// [`Grid`](super::Grid), [`Random`](super::Random), [`Sobol`](super::Sobol), [`Candidates`](super::Candidates) and the
/// models [`Gp`](super::Gp), [`Tpe`](super::Tpe) and [`Auto`](super::Auto) are sources. Candidate `i` is a pure
/// function of `i` and of the view, and never changes once it is given. A source whose candidate `i` depends on the
/// records of earlier candidates, as that of a model, waits until all of these records are there, whatever order fits
/// finish in.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no candidates",
    label = "this strategy has no candidates to choose among",
    note = "write the strategy that gives them: `SuccessiveHalving::new(Random::new(50))`, or `Grid` for a finite space"
)]
pub trait CandidateSource<S: Space>: fmt::Debug {
    /// Checks that there are candidates in `space`, and returns their number; `None` where they have no end.
    ///
    /// # Errors
    /// [`SpaceError::TooLarge`](crate::error::SpaceError::TooLarge),
    /// [`SpaceError::Empty`](crate::error::SpaceError::Empty), [`Error::NoCandidates`](crate::Error::NoCandidates), and
    /// errors of the source's settings.
    fn size(&self, space: &S) -> Result<Option<u64>>;

    /// The candidates of these numbers, in their order. One that cannot be made is `None`, and is passed over for good.
    /// The list is shorter than `numbers` where its next candidate awaits records, or where there are no more.
    ///
    /// # Errors
    /// Any error of the source's own, which ends the search with [`Error::Strategy`](crate::Error::Strategy).
    fn candidates(
        &self,
        view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn Error + Send + Sync>>;

    /// True of a source whose candidates depend on the whole trainings of earlier ones, as those of a model.
    fn awaits_records(&self) -> bool {
        false
    }

    /// The number by which reasons for the report name a candidate, where it is another one than in the source.
    fn number_shown(&self, number: u64) -> u64 {
        number
    }

    /// A warning for the report, as that the space has fewer candidates than were asked for.
    fn warning(&self, space: &S) -> Option<Warning> {
        let _ = space;
        None
    }

    /// True of a source whose candidates all come from the space's axes, as of a
    /// [strategy](super::Strategy::is_of_space).
    fn is_of_space(&self) -> bool {
        false
    }

    /// Candidates that do not come from the axes, as of a [strategy](super::Strategy::listed).
    fn listed(&self) -> &[S::Params] {
        &[]
    }
}
