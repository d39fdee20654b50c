//! A search with its data. Each process of a cluster builds the same one.

use std::{borrow::Cow, cell::OnceCell, fmt};

use super::{NextTrainings, Search, UnitOutcome, UnitWork, bound::BoundSearch};
use crate::{
    data::Dataset,
    error::Result,
    limit::Stop,
    metric::MetricOf,
    model::{DataFor, Follows, Model, for_model},
    report::Report,
    split::Folds,
    study::{Identity, Study},
    train::{LossFor, ScoringTarget, TrainTarget, TrainTargetFor},
};

/// A search with its data: [`Search::on`] makes one, for [`cluster::main`](crate::cluster::main).
pub struct SearchOn<M: Model, S, D, T: TrainTarget> {
    search: Search<M, S, ()>,
    metrics: Vec<MetricOf<T::Kind>>,
    data: D,
    /// The data with its columns in the model's order; `None` if they already have that order.
    ordered: Option<Dataset<T>>,
    /// The folds of all repeats. They are computed when the search is checked.
    folds: OnceCell<Folds>,
}

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Binds the search to its data without running anything. A program that runs on [several machines](crate::cluster)
    /// starts from it.
    ///
    /// # Errors
    /// [`DataError`](crate::DataError) if the columns of the data are not those that the model takes.
    pub fn on<D, T>(self, data: D) -> Result<SearchOn<M, S, D, T>>
    where
        D: DataFor<M, Target = T>,
        T: TrainTargetFor<M::Output> + ScoringTarget<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let ordered = match for_model::<M, T>(data.dataset())? {
            Cow::Owned(ordered) => Some(ordered),
            Cow::Borrowed(_) => None,
        };
        let (search, metrics) = self.with_metrics::<T>();
        Ok(SearchOn { search, metrics, data, ordered, folds: OnceCell::new() })
    }
}

impl<M, S, D, T> SearchOn<M, S, D, T>
where
    M: Model,
    D: DataFor<M, Target = T>,
    T: TrainTarget<Output = M::Output>,
{
    fn data(&self) -> &Dataset<T> {
        self.ordered.as_ref().unwrap_or_else(|| self.data.dataset())
    }

    fn bound(&self, study: Option<Study>) -> BoundSearch<'_, M, T::Kind> {
        BoundSearch { study, ..self.search.bind(&self.metrics) }
    }

    /// Returns the folds of all repeats, after all checks that need no training.
    fn folds(&self) -> Result<&Folds> {
        if let Some(folds) = self.folds.get() {
            return Ok(folds);
        }
        let folds = self.bound(None).check(self.data())?;
        Ok(self.folds.get_or_init(|| folds))
    }

    /// Runs in this process the fits that the study does not have, and trains the winner on all rows.
    pub(crate) fn fit(&self, study: Study) -> Result<Report<M, T>> {
        self.bound(Some(study)).fit(self.data())
    }
}

/// A search whose fits several machines run, independent of the types of its model and data.
pub(crate) trait UnitSearch {
    /// Returns the identity of the search.
    ///
    /// # Errors
    /// Those of the checks before a search.
    fn identity(&self) -> Result<Identity>;

    /// Returns the trainings that the search would run next, given the records of the study.
    ///
    /// # Errors
    /// Those of the study and of the strategy.
    fn next_trainings(&self, study: Study) -> Result<NextTrainings>;

    /// Runs fits.
    ///
    /// # Errors
    /// [`ClusterError::Fit`](crate::error::ClusterError::Fit) if a fit is not part of this search, and errors of
    /// saving.
    fn run_unit(&self, work: UnitWork<'_>) -> Result<UnitOutcome>;

    /// Returns the number of workers that the search asks for.
    ///
    /// # Errors
    /// [`Error::NoWorkers`](crate::Error::NoWorkers).
    fn workers(&self) -> Result<usize>;

    /// Returns the request by which the program itself can end the search; `None` if the search has none.
    fn stop(&self) -> Option<Stop>;
}

impl<M, S, D, T> UnitSearch for SearchOn<M, S, D, T>
where
    M: Model,
    D: DataFor<M, Target = T>,
    T: TrainTarget<Output = M::Output>,
{
    fn identity(&self) -> Result<Identity> {
        self.bound(None).identity(self.data(), self.folds()?)
    }

    fn next_trainings(&self, study: Study) -> Result<NextTrainings> {
        self.bound(Some(study)).next_trainings(self.data(), self.folds()?.clone())
    }

    fn run_unit(&self, work: UnitWork<'_>) -> Result<UnitOutcome> {
        self.bound(None).run_unit(self.data(), self.folds()?, work)
    }

    fn workers(&self) -> Result<usize> {
        self.bound(None).workers()
    }

    fn stop(&self) -> Option<Stop> {
        self.search.settings.limits.stop.clone()
    }
}

impl<M: Model, S, D, T: TrainTarget> fmt::Debug for SearchOn<M, S, D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchOn").field("search", &self.search).finish_non_exhaustive()
    }
}
