//! Successive halving.

pub(super) mod bracket;
pub(super) mod finalists;
pub(super) mod promotions;
pub(super) mod resources;
pub(super) mod schedule;
pub(super) mod unit;

use std::{collections::BTreeMap, error};

use super::{
    CandidateSource, Elimination, Proposal, Strategy, View,
    entrants::{Entrants, MOST, size},
};
use crate::{
    error::{Error, Result, ScheduleError},
    space::Space,
    split::Warning,
};
use bracket::{Bracket, Standings};
use finalists::finalists;
use resources::{Resources, resource_settings};
use schedule::{Rung, Settings, halving};

/// Trains all candidates of a base for a few epochs, the best half of them for twice as many, and so on
/// ([Jamieson and Talwalkar 2016](https://proceedings.mlr.press/v51/jamieson16.html)).
///
/// A training goes on from the epochs that it has had, with the bits of one that ran through, so no epoch is trained
/// twice. Every candidate that takes part in an iteration is scored on all folds. `⌈n / factor⌉` of `n` candidates go
/// on, with `factor` times the epochs, until fewer than `factor` are left or the largest budget is reached. The
/// finalists are the candidates of the last iteration; of a search that ended early, those of the last one in which a
/// candidate has a score. Candidates of other budgets are not compared with them.
///
/// The schedule is that of scikit-learn's
/// [`HalvingGridSearchCV`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.HalvingGridSearchCV.html):
///
/// | scikit-learn | here |
/// |---|---|
/// | `factor=3` | [`factor(3)`](Self::factor), 2 by default |
/// | `resource="n_samples"` | [`samples()`](Self::samples); epochs by default |
/// | `min_resources="exhaust"` | the default |
/// | `min_resources="smallest"` | [`smallest()`](Self::smallest) |
/// | `min_resources=20` | [`min_resource(20)`](Self::min_resource) |
/// | `max_resources=180` | [`max_resource(180)`](Self::max_resource); all by default |
/// | `aggressive_elimination=True` | [`aggressive(true)`](Self::aggressive) |
/// | `n_candidates="exhaust"` | a base without an end: `Random::new(usize::MAX)` of a space with a range |
///
/// The smallest number of samples counts every fold of a [`RepeatedKFold`](crate::split::RepeatedKFold), as there. Folds
/// that the search [repeats](crate::search::Search::repeats) have the same rows again, and count once.
///
/// The results have its columns `iter` and `n_resources`. Its logarithms are rounded, ours are exact. Among equal
/// scores the lower number goes on. A learning-rate schedule is that of the whole training, however few epochs a
/// candidate gets.
///
/// # The first budget
/// Choose it. What exhausts the resources is often one epoch or two, and then those candidates go on that learn fast at
/// first. On three data sets of four, such a halving lost the grid's winner in every replay. From a fifth of the epochs
/// on, and with fewer candidates, it chose on these as well as a random search of three times the epochs
/// (`docs/strategy-bench.md`). The default stays that of scikit-learn, since a later first budget costs two to four
/// times as much, and the report has a [warning](Warning::EarlyComparison) where it is below a fifth of the last
/// iteration's.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Grid, Random, SuccessiveHalving};
/// // Of 27 epochs: 64 candidates for 6, 32 for 12, 16 for 24.
/// let halving = SuccessiveHalving::new(Random::new(64)).min_resource(6);
/// let of_rows = SuccessiveHalving::new(Grid).samples().factor(3).min_resource(60);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuccessiveHalving<B> {
    base: B,
    resources: Resources,
    /// True where the first iteration has the most resources with which the last one has all of them.
    exhausts: bool,
    is_aggressive: bool,
}

resource_settings!(
    SuccessiveHalving,
    "The share of candidates that go on, as one in so many, and the growth of their resources; at least 2. The default is 2. A \
     factor of 3 is cheaper, and more often drops a candidate that needs long to learn.",
    "The resources of the first iteration."
);

impl<B> SuccessiveHalving<B> {
    /// A halving of the candidates of `base`.
    pub fn new(base: B) -> Self {
        Self { base, resources: Resources::epochs(2), exhausts: true, is_aggressive: false }
    }

    /// Begins with the smallest resources: 1 epoch, or two samples of each class and fold. As in scikit-learn, the
    /// folds of all repeats of a [`RepeatedKFold`](crate::split::RepeatedKFold) count.
    pub fn smallest(mut self) -> Self {
        self.resources.min = None;
        Self { exhausts: false, ..self }
    }

    /// Repeats the first iteration's resources, without another training, until the resources suffice to go on with
    /// fewer than `factor` candidates at the end.
    pub fn aggressive(self, is_aggressive: bool) -> Self {
        Self { is_aggressive, ..self }
    }

    /// The iterations.
    ///
    /// # Errors
    /// [`Error::Setting`], [`Error::Schedule`](crate::Error::Schedule), and those of the base.
    fn schedule<S: Space>(&self, view: &View<'_, S>) -> Result<Vec<Rung>>
    where
        B: CandidateSource<S>,
    {
        let (min, max) = self.resources.ends(view)?;
        let candidates = size(&self.base, view.space)?;
        let exhausts = self.exhausts && self.resources.min.is_none() && candidates.is_some();
        // As many candidates as use up the resources of one.
        let candidates = candidates.unwrap_or(max / min);
        check_candidates(candidates, MOST)?;
        if candidates == 0 {
            return Err(Error::NoCandidates);
        }
        let (factor, is_aggressive) = (u64::from(self.resources.factor), self.is_aggressive);
        Ok(halving(Settings { candidates, min, max, factor, exhausts, is_aggressive }))
    }

    /// Calls `follow` with the bracket of all iterations.
    fn bracket<S: Space, R>(
        &self,
        view: &View<'_, S>,
        follow: impl FnOnce(&Bracket<'_, S::Params>) -> Result<R, Fault>,
    ) -> Result<R, Fault>
    where
        B: CandidateSource<S>,
    {
        let schedule = self.schedule(view)?;
        let Resources { factor, unit, .. } = self.resources;
        let candidates = schedule.first().map_or(0, |rung| rung.candidates);
        follow(&Bracket {
            name: format!("halving of {schedule:?} {unit:?} by {factor} {:?}", view.metrics[0].direction),
            unit,
            resources: schedule.iter().map(|rung| rung.resources).collect(),
            keep: &|count| count.div_ceil(factor as usize),
            entrants: &|| Entrants::new(view, &self.base, candidates),
        })
    }

    fn standings<S: Space>(&self, view: &View<'_, S>) -> Standings
    where
        B: CandidateSource<S>,
    {
        self.bracket(view, |bracket| bracket.standings(view)).unwrap_or_default()
    }
}

type Fault = Box<dyn error::Error + Send + Sync>;

impl<S: Space, B: CandidateSource<S>> Strategy<S> for SuccessiveHalving<B> {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        let mut schedule = self.schedule(view)?;
        if !self.resources.unit.is_uniform(view) {
            return Ok(None);
        }
        // An iteration with the resources of the one before has its records.
        schedule.dedup_by_key(|rung| rung.resources);
        let fits: u64 = schedule.iter().map(|rung| rung.candidates).sum();
        Ok(usize::try_from(fits).ok().and_then(|fits| fits.checked_mul(view.folds.len())))
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        self.bracket(view, |bracket| bracket.jobs(view))
    }

    fn finalists(&self, view: &View<'_, S>) -> Vec<u64> {
        let standings = self.standings(view);
        let eliminated = standings.eliminated();
        finalists(&standings.rungs.into_iter().map(|(_, scores)| scores).collect::<Vec<_>>(), &eliminated)
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        without(self.standings(view).eliminations, &self.finalists(view))
    }

    fn iterations(&self, view: &View<'_, S>) -> BTreeMap<u64, usize> {
        self.standings(view).iterations
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        let rungs: Vec<u64> = self.schedule(view).ok()?.iter().map(|rung| rung.resources).collect();
        self.resources.warning(&rungs).filter(|_| self.exhausts).or_else(|| self.base.warning(view.space))
    }

    fn learns(&self) -> bool {
        self.base.awaits_records()
    }

    fn is_of_space(&self) -> bool {
        self.base.is_of_space()
    }

    fn listed(&self) -> &[S::Params] {
        self.base.listed()
    }
}

/// The eliminations of those that are no finalists after all.
pub(super) fn without(mut eliminations: Vec<Elimination>, finalists: &[u64]) -> Vec<Elimination> {
    eliminations.retain(|elimination| finalists.binary_search(&elimination.candidate).is_err());
    eliminations
}

/// Checks that a strategy does not hold more candidates than it can compare.
///
/// # Errors
/// [`ScheduleError::TooManyCandidates`].
pub(super) fn check_candidates(candidates: u64, most: u64) -> Result<()> {
    if candidates > most {
        return Err(ScheduleError::TooManyCandidates { candidates, most }.into());
    }
    Ok(())
}
