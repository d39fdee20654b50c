//! The order in which candidates are decided, whatever the model that decides.

use std::{collections::HashSet, ops::Range};

use super::{
    history::{self, Growth, History},
    memo::{Digest, Memo},
    prior::Prior,
};
use crate::{
    error::{Error, Result},
    record::{Budget, Job},
    seed::Seed,
    space::{Position, Space},
    strategy::{
        View,
        cube::{Cube, DrawKind, Drawn, Draws, Identity, Point},
        missing::CHUNK,
        points, sobol,
    },
};

/// The candidates that run beside the one that is decided, by default.
const LAG: usize = 4;

thread_local! {
    /// Candidates as positions.
    static CHOSEN: Memo<Option<Vec<Position>>> = Memo::default();
}

/// A sequential design: Sobol points first, then one candidate after the other by a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::strategy) struct Design {
    pub(in crate::strategy) candidates: usize,
    /// The candidates at Sobol points; by default ten, or two an axis where these are more.
    pub(in crate::strategy) startup: Option<usize>,
    /// The candidates before a candidate whose scores it does not know.
    /// Where candidates are trained fold by fold: the fits before a fit whose scores it does not know.
    pub(in crate::strategy) lag: usize,
    /// True where candidates are trained fold by fold.
    pub(in crate::strategy) by_fold: bool,
}

/// A candidate to be decided, and all that it may depend on.
pub(in crate::strategy) struct Step<'a, S: Space> {
    pub(in crate::strategy) cube: &'a Cube<'a, S>,
    pub(in crate::strategy) number: u64,
    pub(in crate::strategy) seed: Seed,
    pub(in crate::strategy) growth: Growth<'a>,
    /// The candidates before it whose scores it does not know.
    pub(in crate::strategy) pending: &'a [Point],
    /// The identities of all candidates before it.
    pub(in crate::strategy) tried: &'a HashSet<Identity>,
}

impl Design {
    pub(in crate::strategy) fn new(candidates: usize) -> Self {
        Self { candidates, startup: None, lag: LAG, by_fold: false }
    }

    /// The number of candidates at Sobol points.
    pub(super) fn startup(&self, axes: usize) -> u64 {
        self.startup.unwrap_or_else(|| (2 * axes).max(10)) as u64
    }

    /// The number of candidates, as a source of them for another strategy.
    ///
    /// # Errors
    /// [`Error::Setting`], and those of [`points::size`].
    pub(in crate::strategy) fn size<S: Space>(&self, space: &S) -> Result<Option<u64>> {
        self.check()?;
        if self.by_fold {
            let expected = "a base that leaves the choice of folds to the strategy over it";
            return Err(Error::Setting { setting: "fold_by_fold", value: "on".to_owned(), expected });
        }
        points::size(space, self.candidates)
    }

    /// The number of jobs; `None` where candidates are trained fold by fold.
    ///
    /// # Errors
    /// [`Error::Setting`], and those of [`points::jobs`].
    pub(in crate::strategy) fn count<S: Space>(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        self.check()?;
        if self.by_fold {
            view.refuse_constraints()?;
        }
        Ok(points::jobs(view, self.candidates)?.filter(|_| !self.by_fold))
    }

    fn check(&self) -> Result<()> {
        if self.startup == Some(0) {
            return Err(Error::Setting { setting: "startup", value: "0".to_owned(), expected: "at least 1" });
        }
        Ok(())
    }

    /// The jobs of all candidates that can be decided: those at Sobol points, and each later one whose step is
    /// complete. `choose` is a pure function that gives a candidate that was not tried, `None` where there is none.
    pub(in crate::strategy) fn propose<S: Space>(
        &self,
        view: &View<'_, S>,
        name: &str,
        choose: impl Fn(&Step<'_, S>) -> Option<(S::Params, Point)>,
    ) -> Vec<Job<S::Params>> {
        let mut jobs = Vec::new();
        let from = view.trials.first_open(0, Budget::Full);
        self.decide(view, from, name, choose, |number, params| {
            let trial = view.trials.get(number);
            let is_open = |fold: &u32| trial.is_none_or(|it| it.record(*fold, Budget::Full).is_none());
            let open = (0..view.fold_count()).filter(is_open);
            jobs.extend(open.map(|fold| Job { candidate: number, params: params.clone(), fold, budget: Budget::Full }));
            jobs.len() < CHUNK
        });
        jobs
    }

    /// The candidates of these numbers, as far as they can be decided; nothing at the places of those that a finite
    /// space does not have.
    pub(in crate::strategy) fn candidates<S: Space>(
        &self,
        view: &View<'_, S>,
        numbers: Range<u64>,
        name: &str,
        choose: impl Fn(&Step<'_, S>) -> Option<(S::Params, Point)>,
    ) -> Vec<Option<S::Params>> {
        let mut found = Vec::new();
        let is_all = self.decide(view, numbers.start, name, choose, |number, params| {
            if numbers.contains(&number) {
                found.push(Some(params.clone()));
            }
            number + 1 < numbers.end
        });
        if is_all {
            found.resize(numbers.end.min(self.candidates as u64).saturating_sub(numbers.start) as usize, None);
        }
        found
    }

    /// Gives the candidates in their order, from that number on, to `take`, until it returns false or the next one
    /// cannot be decided. Returns true where a finite space has no more.
    fn decide<S: Space>(
        &self,
        view: &View<'_, S>,
        from: u64,
        name: &str,
        choose: impl Fn(&Step<'_, S>) -> Option<(S::Params, Point)>,
        take: impl FnMut(u64, &S::Params) -> bool,
    ) -> bool {
        let name = format!("{name} {self:?}");
        view.trials.decisions().with(&format!("{name} on {:?}", view.metrics[0].direction), |decided: &mut Decided| {
            let begun = decided.points.len();
            let is_all = self.go_on(decided, view, from, (&name, &choose), take);
            // Candidates without a record are decided again: their hyperparameters are in no record.
            let is_begun = |at: &usize| view.trials.get(*at as u64).is_some();
            let begun = begun + (begun..decided.points.len()).take_while(is_begun).count();
            for point in decided.points.drain(begun..) {
                decided.tried.remove(&point.identity());
            }
            is_all
        })
    }

    fn go_on<S: Space, F>(
        &self,
        Decided { points, tried, drawn, scored }: &mut Decided,
        view: &View<'_, S>,
        from: u64,
        (name, choose): (&str, &F),
        mut take: impl FnMut(u64, &S::Params) -> bool,
    ) -> bool
    where
        F: Fn(&Step<'_, S>) -> Option<(S::Params, Point)>,
    {
        let cube = Cube::new(view.space);
        let prior = Prior::of(view, &cube);
        let startup = self.startup(cube.dimensions.len()).saturating_sub(prior.len() as u64);
        let enqueued: Vec<(&S::Params, Point)> =
            view.enqueued.iter().filter_map(|params| Some((params, cube.point(params)?))).collect();
        drawn.exclude(enqueued.iter().map(|(_, point)| point.identity()));
        let first = Draws::new(&cube, sobol::key(view.seed), DrawKind::Sobol);
        let begun = points.len() as u64;
        for number in from.min(begun)..self.candidates as u64 {
            let trial = view.trials.get(number);
            let (params, point) = if let Some((params, point)) = enqueued.get(number as usize) {
                ((*params).clone(), point.clone())
            } else if let Some((trial, point)) = trial.and_then(|it| Some((it, cube.point(&it.params)?))) {
                (trial.params.clone(), point)
            } else if number < startup {
                let Some(drawn) = first.nth(drawn, number - enqueued.len() as u64) else { return true };
                drawn
            } else {
                let known = number.saturating_sub(self.lag as u64);
                while *scored < known {
                    if view.trials.get(*scored).and_then(history::first_budget).is_none() {
                        return false;
                    }
                    *scored += 1;
                }
                let history = History::below(view, &cube, known);
                let history = if prior.len() == 0 { history } else { prior.clone().before(&cube, history) };
                let (seed, pending) = (view.seed, &points[known as usize..]);
                let first = |candidates: usize| history.first(candidates);
                let growth = Growth { history: &history, steps: history.len(), first: &first };
                let step = Step { cube: &cube, number, seed, growth, pending, tried };
                let Some(chosen) = step.choose(name, choose) else { return true };
                chosen
            };
            if number >= begun {
                tried.insert(point.identity());
                points.push(point);
            }
            if number >= from && !take(number, &params) {
                return false;
            }
        }
        false
    }
}

/// The candidates so far, and the first of them that have scores.
#[derive(Default)]
struct Decided {
    points: Vec<Point>,
    tried: HashSet<Identity>,
    drawn: Drawn,
    /// The candidates below this number have a score each.
    scored: u64,
}

impl<S: Space> Step<'_, S> {
    /// The candidate that `choose` gives, which is asked once for the same step.
    pub(super) fn choose(
        &self,
        name: &str,
        choose: impl Fn(&Self) -> Option<(S::Params, Point)>,
    ) -> Option<(S::Params, Point)> {
        let space = self.cube.space;
        let digest =
            Digest::new(&format!("{name} {} {space:?}", std::any::type_name::<S>())).words([self.seed.0, self.number]);
        let pending = self.pending.iter().flat_map(Point::words);
        let digest = self.growth.history.add_to(digest.words(pending));
        let chosen = || choose(self).and_then(|(params, _)| space.positions_of(&params));
        let positions = CHOSEN.with(|memo| memo.get(digest, chosen))?;
        let params = space.nearest(&positions)?;
        let point = self.cube.point(&params)?;
        Some((params, point))
    }

    /// So many candidates that were not tried, fewer where there are no more.
    pub(in crate::strategy) fn untried(&self, count: usize) -> Vec<(S::Params, Point)> {
        let draws = Draws::new(self.cube, sobol::key(self.seed).candidate(self.number), DrawKind::Sobol);
        draws.untried(self.tried).take(count).collect()
    }
}
