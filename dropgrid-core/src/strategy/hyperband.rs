//! Hyperband.

use std::{
    collections::{BTreeMap, HashSet},
    error,
};

use super::{
    CandidateSource, Elimination, Proposal, Strategy, View,
    entrants::{Entrants, MOST},
    halving::{
        bracket::{Bracket, Standings},
        check_candidates,
        finalists::{RungScore, finalists},
        resources::{Resources, resource_settings},
        schedule::{Rung, hyperband},
        without,
    },
};
use crate::{
    error::{Error, Result},
    space::Space,
    split::Warning,
};

/// Runs several successive halvings that begin with fewer candidates and more epochs each, so that a candidate that
/// needs long to learn has a chance in one of them ([Li et al. 2018](https://jmlr.org/papers/v18/16-558.html),
/// algorithm 1).
///
/// With at most `R` epochs and the factor `η`, there are brackets for `s = s_max, …, 0`, where `s_max = ⌊log_η(R /
/// r_min)⌋`. A bracket begins with `n = ⌈(s_max + 1) / (s + 1) · η^s⌉` candidates of `R / η^s` epochs each, rounded
/// down. After rung `i`, `⌊n / η^(i + 1)⌋` candidates go on with `η` times the epochs; the last rung has `R` epochs.
/// For `R = 81` and `η = 3`, these are 143 candidates in five brackets.
///
/// Candidates have the numbers of the base, bracket by bracket: take a base in random order, as
/// [`Random`](super::Random). A base with fewer candidates than the brackets take is used up by the first brackets, and
/// one with more is used in part; the report has a [warning](Warning::FewCandidates) of both. Brackets run side by
/// side, a training goes on from the epochs that it has had, and every candidate is scored on all folds. Finalists are
/// the candidates with `R` epochs; of a search that ended early, those with the most epochs after which a candidate has
/// a score, from all brackets.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Hyperband, Random};
/// let hyperband = Hyperband::new(Random::new(usize::MAX));
/// let shorter = Hyperband::new(Random::new(usize::MAX).seed(7)).min_resource(3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hyperband<B> {
    base: B,
    resources: Resources,
}

resource_settings!(
    Hyperband,
    "The factor `η`, at least 2: one candidate in so many goes on, with so many times the epochs. The default is 3, as in the \
     paper.",
    "The least resources of a candidate, `r_min`. The default is 1 epoch, or two samples of each class and fold."
);

impl<B> Hyperband<B> {
    /// A Hyperband over the candidates of `base`.
    pub fn new(base: B) -> Self {
        Self { base, resources: Resources::epochs(3) }
    }

    /// The brackets.
    ///
    /// # Errors
    /// [`Error::Setting`], [`Error::Schedule`](crate::Error::Schedule).
    fn brackets<S: Space>(&self, view: &View<'_, S>) -> Result<Vec<Vec<Rung>>>
    where
        B: CandidateSource<S>,
    {
        let (min, max) = self.resources.ends(view)?;
        let brackets = hyperband(min, max, u64::from(self.resources.factor));
        check_candidates(asked(&brackets), MOST)?;
        Ok(brackets)
    }

    /// The result of `follow` for each bracket that has candidates.
    fn each<S: Space, R>(
        &self,
        view: &View<'_, S>,
        follow: impl Fn(&Bracket<'_, S::Params>) -> Result<R, Fault>,
    ) -> Result<Vec<R>, Fault>
    where
        B: CandidateSource<S>,
    {
        let brackets = self.brackets(view)?;
        let Resources { factor, unit, .. } = self.resources;
        let there_are = self.base.size(view.space)?.unwrap_or(u64::MAX);
        let (mut found, mut first) = (Vec::new(), 0);
        for rungs in brackets {
            let end = (first + rungs[0].candidates).min(there_are);
            if first == end {
                break;
            }
            found.push(follow(&Bracket {
                name: format!(
                    "bracket {first}..{end} of {rungs:?} {unit:?} by {factor} {:?}",
                    view.metrics[0].direction
                ),
                unit,
                resources: rungs.iter().map(|rung| rung.resources).collect(),
                keep: &|count| (count / factor as usize).max(1),
                entrants: &|| Entrants::between(view, &self.base, first, end),
            })?);
            first = end;
        }
        Ok(found)
    }

    fn standings<S: Space>(&self, view: &View<'_, S>) -> Vec<Standings>
    where
        B: CandidateSource<S>,
    {
        self.each(view, |bracket| bracket.standings(view)).unwrap_or_default()
    }
}

type Fault = Box<dyn error::Error + Send + Sync>;

/// The candidates of all brackets.
fn asked(brackets: &[Vec<Rung>]) -> u64 {
    brackets.iter().map(|bracket| bracket[0].candidates).fold(0, u64::saturating_add)
}

impl<S: Space, B: CandidateSource<S>> Strategy<S> for Hyperband<B> {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        let brackets = self.brackets(view)?;
        let there_are = self.base.size(view.space)?;
        if there_are == Some(0) {
            return Err(Error::NoCandidates);
        }
        if !self.resources.unit.is_uniform(view) {
            return Ok(None);
        }
        let (mut left, factor, mut fits) = (there_are.unwrap_or(u64::MAX), u64::from(self.resources.factor), 0_u64);
        for bracket in brackets {
            let mut candidates = bracket[0].candidates.min(left);
            left -= candidates;
            for _ in bracket.iter().filter(|_| candidates > 0).collect::<Vec<_>>() {
                fits += candidates;
                candidates = (candidates / factor).max(1);
            }
        }
        Ok(usize::try_from(fits).ok().and_then(|fits| fits.checked_mul(view.folds.len())))
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        Ok(self.each(view, |bracket| bracket.jobs(view))?.into_iter().flatten().collect())
    }

    fn finalists(&self, view: &View<'_, S>) -> Vec<u64> {
        let standings = self.standings(view);
        let eliminated: HashSet<u64> = standings.iter().flat_map(Standings::eliminated).collect();
        // Rungs of different brackets have the same resources.
        let mut rungs: BTreeMap<u64, Vec<RungScore>> = BTreeMap::new();
        for (resources, scores) in standings.into_iter().flat_map(|standings| standings.rungs) {
            rungs.entry(resources).or_default().extend(scores);
        }
        finalists(&rungs.into_values().collect::<Vec<_>>(), &eliminated)
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        let eliminations = self.standings(view).into_iter().flat_map(|standings| standings.eliminations).collect();
        without(eliminations, &self.finalists(view))
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        let asked = usize::try_from(asked(&self.brackets(view).ok()?)).ok()?;
        let candidates = usize::try_from(self.base.size(view.space).ok()??).ok()?;
        match candidates {
            fewer if fewer < asked => Some(Warning::FewCandidates { candidates, asked }),
            more if more > asked => Some(Warning::CandidatesLeft { candidates, tried: asked }),
            _ => None,
        }
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
