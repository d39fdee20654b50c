//! Search strategies: the choice of candidates, folds and budgets.

mod asha;
mod auto;
mod cube;
mod decision_cache;
mod elimination;
mod entrants;
mod exact;
mod gp;
mod grid;
mod halving;
mod hyperband;
mod missing;
mod only;
mod permutation;
mod points;
mod prior;
mod proposal;
mod pruning;
mod race;
mod random;
mod sequential;
mod sobol;
mod source;
mod tpe;
mod trials;
mod typed;
mod view;

pub use asha::Asha;
pub use auto::Auto;
pub use elimination::Elimination;
pub use exact::ExactGrid;
pub use gp::Gp;
pub(crate) use gp::smoothed;
pub use grid::Grid;
pub use halving::SuccessiveHalving;
pub use hyperband::Hyperband;
pub use only::{Candidates, Only};
pub use prior::PriorStudy;
pub(crate) use proposal::check;
pub use pruning::{
    AnyEpoch, MedianPruner, Others, PatientPruner, PercentilePruner, Pruner, Pruning, ThresholdPruner, Watched,
};
pub use race::Race;
pub use random::Random;
pub use sobol::Sobol;
pub use source::CandidateSource;
pub use tpe::Tpe;
pub(crate) use trials::TrialRecords;
pub use trials::{Trial, Trials};
pub(crate) use typed::TypedStrategy;
pub use view::View;

use std::{collections::BTreeMap, error::Error, fmt};

use crate::{
    error::Result,
    record::{Budget, Job},
    space::Space,
    split::Warning,
};

/// The jobs that a strategy wants, or why it fails.
pub type Proposal<P> = Result<Vec<Job<P>>, Box<dyn Error + Send + Sync>>;

/// Proposes jobs as a pure function of the [`View`].
///
/// A strategy keeps no state: a search resumes from its records, and any worker may run any job.
///
/// Fits finish in any order, and on several workers the strategy is asked before all have. So that a search has the
/// same bits on any number of workers, a strategy decides each job on records that do not depend on the order: it waits
/// until those are there, and reads no others. Successive halving waits for a whole rung; a model-based strategy waits
/// for the candidates [below](View::is_done_below) `i - lag` before it proposes candidate `i`.
///
/// [`check_strategy`](crate::testing::check_strategy) tests this contract. `examples/climb.rs` is hill climbing.
///
/// # Examples
/// Every second candidate of a space that can be listed:
/// ```
/// use dropgrid_core::{
///     Result,
///     record::{Budget, Job},
///     space::FiniteSpace,
///     strategy::{Proposal, Strategy, View},
/// };
///
/// #[derive(Debug)]
/// struct EverySecond;
///
/// impl<S: FiniteSpace> Strategy<S> for EverySecond {
///     fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
///         Ok(Some(view.space.try_len()?.div_ceil(2) * view.folds.len()))
///     }
///
///     fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
///         let numbers = (0..view.space.len()).step_by(2);
///         let folds = numbers.flat_map(|number| (0..view.fold_count()).map(move |fold| (number, fold)));
///         let job = |(number, fold): (usize, u32)| {
///             Some(Job { candidate: number as u64, params: view.space.nth(number)?, fold, budget: Budget::Full })
///         };
///         Ok(folds.filter_map(job).collect())
///     }
///
///     fn is_of_space(&self) -> bool {
///         true
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no strategy",
    label = "does not choose candidates",
    note = "write `Grid` for all candidates, `Random::new(50)` for 50 of them, or `Auto::new(50)` for a model of the scores"
)]
pub trait Strategy<S: Space>: fmt::Debug {
    /// Checks before any training that the strategy can search the space of `view`, on its folds and rows, and returns
    /// the number of its jobs where that is known.
    ///
    /// # Errors
    /// [`SpaceError::TooLarge`](crate::error::SpaceError::TooLarge) for a grid that cannot be counted, and errors of
    /// the strategy's settings.
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>>;

    /// The jobs that the strategy wants, given the records so far.
    ///
    /// Jobs that have a record, and those that are already under way, are skipped: a strategy may propose them again.
    /// The search ends when a proposal has nothing new and no job is under way. Each candidate has a number of its own.
    /// Two candidates may have the same values, as two draws of a random search: their records are the same.
    ///
    /// # Errors
    /// Any error of the strategy's own. The search then ends with [`Error::Strategy`](crate::Error::Strategy), as it
    /// does where the strategy panics or breaks the rules above; the error has the report of what was done before.
    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params>;

    /// The numbers of the candidates that compete for the first rank, ascending. The report ranks all others behind
    /// them. By default they are the candidates with a record of the whole training on every fold.
    fn finalists(&self, view: &View<'_, S>) -> Vec<u64> {
        view.trials.iter().filter(|trial| trial.is_done(Budget::Full)).map(|trial| trial.number).collect()
    }

    /// The candidates that the strategy trained no further than their records go, and why, for the report. It is asked
    /// at the end of the search.
    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        let _ = view;
        Vec::new()
    }

    /// The last iteration of each candidate, from 0, where iterations are something else than the budgets of the search
    /// in their order: scikit-learn's `iter` of a successive halving.
    fn iterations(&self, view: &View<'_, S>) -> BTreeMap<u64, usize> {
        let _ = view;
        BTreeMap::new()
    }

    /// A warning for the report, as that the space has fewer candidates than were asked for.
    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        let _ = view;
        None
    }

    /// True of a strategy with a model that learns from the trials of [other studies](View::priors).
    fn learns(&self) -> bool {
        false
    }

    /// True of a strategy that reads the [monitored](crate::record::Epoch::monitored) values of trainings. Validation
    /// rows are then set aside in each fold, also where the recipe needs none.
    fn watches(&self) -> bool {
        false
    }

    /// True of a strategy whose candidates all come from the space's axes. The candidates of others are checked as they
    /// are proposed.
    fn is_of_space(&self) -> bool {
        false
    }

    /// Candidates that do not come from the axes. A search builds each of them once before any training, so that a
    /// value outside its layer's range is found early.
    fn listed(&self) -> &[S::Params] {
        &[]
    }
}
