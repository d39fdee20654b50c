//! Successive halving.

pub(super) mod bracket;
pub(super) mod schedule;
pub(super) mod unit;

use std::{collections::BTreeMap, error};

use super::{
    CandidateSource, Elimination, Proposal, Strategy, View,
    entrants::{Entrants, size},
};
use crate::{
    error::{Error, Result, ScheduleError},
    space::Space,
    split::Warning,
};
use bracket::{Bracket, Standings};
use schedule::{Rung, Settings, halving};
use unit::{Unit, check_factor};

/// Trains all candidates of a base for a few epochs, the best half of them for twice as many, and so on
/// ([Jamieson and Talwalkar 2016](https://proceedings.mlr.press/v51/jamieson16.html)).
///
/// A training goes on from the epochs that it has had, with the bits of one that ran through, so no epoch is trained twice.
/// Every candidate that takes part in an iteration is scored on all folds. `⌈n / factor⌉` of `n` candidates go on, with
/// `factor` times the epochs, until fewer than `factor` are left or the largest budget is reached. The finalists are the
/// candidates of the last iteration.
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
/// The results have its columns `iter` and `n_resources`. Its logarithms are rounded, ours are exact. Among equal scores the
/// lower number goes on. A learning-rate schedule is that of the whole training, however few epochs a candidate gets.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Grid, Random, SuccessiveHalving};
/// let halving = SuccessiveHalving::new(Random::new(64));
/// let of_rows = SuccessiveHalving::new(Grid).samples().factor(3).min_resource(60);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuccessiveHalving<B> {
    base: B,
    factor: u32,
    unit: Unit,
    min: MinResource,
    max: Option<u64>,
    is_aggressive: bool,
}

/// The resources of the first iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MinResource {
    Exhaust,
    Smallest,
    Set(u64),
}

impl<B> SuccessiveHalving<B> {
    /// A halving of the candidates of `base`.
    pub fn new(base: B) -> Self {
        let (unit, min) = (Unit::Epochs, MinResource::Exhaust);
        Self { base, factor: 2, unit, min, max: None, is_aggressive: false }
    }

    /// The share of candidates that go on, as one in so many, and the growth of their resources; at least 2. The default is
    /// 2. A factor of 3 is cheaper, and more often drops a candidate that needs long to learn.
    pub fn factor(self, factor: u32) -> Self {
        Self { factor, ..self }
    }

    /// Spends samples, the rows of the data, in place of epochs: each fold trains on its part of so many rows, for all epochs.
    /// No training goes on from another, so this costs more than halving epochs.
    pub fn samples(self) -> Self {
        Self { unit: Unit::Samples, ..self }
    }

    /// The resources of the first iteration.
    pub fn min_resource(self, resources: u64) -> Self {
        Self { min: MinResource::Set(resources), ..self }
    }

    /// Begins with the smallest resources: 1 epoch, or two samples of each class and fold.
    pub fn smallest(self) -> Self {
        Self { min: MinResource::Smallest, ..self }
    }

    /// The most resources of an iteration: epochs up to those of the whole training, or samples up to the rows of the data.
    /// The default is all of them.
    pub fn max_resource(self, resources: u64) -> Self {
        Self { max: Some(resources), ..self }
    }

    /// Repeats the first iteration's resources, without another training, until the resources suffice to go on with fewer
    /// than `factor` candidates at the end.
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
        check_factor(self.factor)?;
        let available = self.unit.available(view);
        let max = self.max.unwrap_or(available);
        let min = if let MinResource::Set(min) = self.min { min } else { self.unit.smallest(view) };
        self.unit.check(view, (min, max), available)?;
        let candidates = size(&self.base, view.space)?;
        let exhausts = self.min == MinResource::Exhaust && candidates.is_some();
        // As many candidates as use up the resources of one.
        let candidates = candidates.unwrap_or(max / min);
        if candidates == 0 {
            return Err(Error::NoCandidates);
        }
        let (factor, is_aggressive) = (u64::from(self.factor), self.is_aggressive);
        Ok(halving(Settings { candidates, min, max, factor, exhausts, is_aggressive }))
    }

    fn standings<S: Space>(
        &self,
        view: &View<'_, S>,
    ) -> Result<Standings<S::Params>, Box<dyn error::Error + Send + Sync>>
    where
        B: CandidateSource<S>,
    {
        let schedule = self.schedule(view)?;
        let entrants = Entrants::new(view, &self.base, schedule.first().map_or(0, |rung| rung.candidates))?;
        let (factor, resources) = (self.factor as usize, schedule.iter().map(|rung| rung.resources).collect());
        let bracket = Bracket { unit: self.unit, resources, keep: &|count| count.div_ceil(factor), entrants };
        Ok(bracket.standings(view))
    }
}

impl<S: Space, B: CandidateSource<S>> Strategy<S> for SuccessiveHalving<B> {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        let mut schedule = self.schedule(view)?;
        if !self.unit.is_uniform(view) {
            return Ok(None);
        }
        // An iteration with the resources of the one before has its records.
        schedule.dedup_by_key(|rung| rung.resources);
        let fits: u64 = schedule.iter().map(|rung| rung.candidates).sum();
        Ok(usize::try_from(fits).ok().and_then(|fits| fits.checked_mul(view.folds.len())))
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        Ok(self.standings(view)?.jobs)
    }

    fn finalists(&self, view: &View<'_, S>) -> Vec<u64> {
        self.standings(view).map(|standings| standings.finalists).unwrap_or_default()
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        self.standings(view).map(|standings| standings.eliminations).unwrap_or_default()
    }

    fn iterations(&self, view: &View<'_, S>) -> BTreeMap<u64, usize> {
        self.standings(view).map(|standings| standings.iterations).unwrap_or_default()
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        self.base.warning(view.space)
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
