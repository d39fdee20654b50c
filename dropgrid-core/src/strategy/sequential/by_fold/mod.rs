//! Searches fold by fold: new candidates begin on few folds, and the one that is expected to be the best goes on.

mod begun;

use dropgrid_surrogate::Dimension;

use begun::{Begun, has_record};

use super::{
    design::{Design, Step},
    history::{Growth, History},
    prior::Prior,
    two_way::TwoWay,
};
use crate::{
    record::Job,
    space::Space,
    strategy::{
        Elimination, View,
        cube::{Cube, DrawKind, Drawn, Draws, Point},
        missing::CHUNK,
        sobol,
    },
};

/// The first candidates, and the folds of each: by them the noise of a fold is first known.
const SOUNDED: (usize, u32) = (4, 2);

/// The largest standard error of a new candidate's mean, in distances from the median candidate to the best one.
const LARGEST_ERROR: f64 = 0.5;

/// The most candidates of which a model says what is expected of each; with more it is their means.
const MODELLED: usize = 250;

/// What a model expects of the candidates that have scores, in their unit.
type Expected = fn(&[Dimension], Growth<'_>) -> Option<Vec<f64>>;

/// The choice of the next candidate.
type Choose<'c, S> = dyn Fn(&Step<'_, S>) -> Option<(<S as Space>::Params, Point)> + 'c;

/// What decides: the view and what is made of it, the name of the strategy, its choice of the next candidate, and its
/// model.
struct Decider<'a, S: Space, F> {
    view: &'a View<'a, S>,
    cube: &'a Cube<'a, S>,
    prior: &'a Prior,
    enqueued: &'a [(&'a S::Params, Point)],
    name: &'a str,
    choose: &'a F,
    expected: Expected,
}

impl Design {
    /// The jobs of all fits that are decided and have no record.
    pub(in crate::strategy) fn propose_by_fold<S: Space>(
        &self,
        view: &View<'_, S>,
        name: &str,
        choose: impl Fn(&Step<'_, S>) -> Option<(S::Params, Point)>,
        expected: Expected,
    ) -> Vec<Job<S::Params>> {
        self.begun(view, name, choose, expected, |begun, _| {
            let open = begun.jobs(begun.recorded..begun.fits.len());
            open.filter(|job| !has_record(view, job.candidate, job.fold)).collect()
        })
    }

    /// The candidates that were left on some of the folds; none before the last candidate has begun, since a search that
    /// ended early may go on with any of them.
    pub(in crate::strategy) fn eliminations_by_fold<S: Space>(
        &self,
        view: &View<'_, S>,
        name: &str,
        choose: impl Fn(&Step<'_, S>) -> Option<(S::Params, Point)>,
        expected: Expected,
    ) -> Vec<Elimination> {
        self.begun(view, name, choose, expected, |begun, decider| {
            if !begun.is_all {
                return Vec::new();
            }
            let history = begun.history(view, begun.recorded);
            let first = |fits: usize| begun.history(view, fits);
            let growth = Growth { history: &history, steps: begun.recorded, first: &first };
            let Some(means) = decider.means(growth) else { return Vec::new() };
            let Some(leader) = largest(&means) else { return Vec::new() };
            let folds = view.folds.len();
            let left = (0..means.len()).filter(|&at| history.folds[at].len() < folds && at != leader);
            let elimination = |at: usize| {
                let after = format!("fold {} of {folds}", history.folds[at].len());
                let behind = means[leader] - means[at];
                let reason = if behind.is_nan() {
                    "a fold has no score".to_owned()
                } else {
                    format!("expected to be {behind:.6} behind candidate {leader}")
                };
                Elimination::new(at as u64, after, reason)
            };
            left.map(elimination).collect()
        })
    }

    /// Calls `finish` with the fits as far as they can be decided.
    fn begun<S: Space, R>(
        &self,
        view: &View<'_, S>,
        name: &str,
        choose: impl Fn(&Step<'_, S>) -> Option<(S::Params, Point)>,
        expected: Expected,
        finish: impl FnOnce(&Begun<S::Params>, &Decider<'_, S, &Choose<'_, S>>) -> R,
    ) -> R {
        let name = format!("{name} {self:?}");
        let cube = Cube::new(view.space);
        let prior = Prior::of(view, &cube);
        let point = |params| Some((params, cube.point(params)?));
        let enqueued: Vec<_> = view.enqueued.iter().filter_map(point).collect();
        let choose: &Choose<'_, S> = &choose;
        let decider =
            Decider { view, cube: &cube, prior: &prior, enqueued: &enqueued, name: &name, choose: &choose, expected };
        view.trials.decisions().with(
            &format!("{name} on {:?}", view.metrics[0].direction),
            |state: &mut (Begun<S::Params>, Drawn)| {
                decider.go_on(self, &mut state.0, &mut state.1);
                finish(&state.0, &decider)
            },
        )
    }
}

impl<S: Space, F: Fn(&Step<'_, S>) -> Option<(S::Params, Point)>> Decider<'_, S, F> {
    /// Decides fit after fit, each on the records of the fits before it but for the last `lag` ones.
    fn go_on(&self, design: &Design, begun: &mut Begun<S::Params>, drawn: &mut Drawn) {
        drawn.exclude(self.enqueued.iter().map(|(_, point)| point.identity()));
        let folds = self.view.fold_count();
        loop {
            while begun.fits.get(begun.recorded).is_some_and(|&candidate| {
                let before = begun.fits[..begun.recorded].iter().filter(|other| **other == candidate).count();
                has_record(self.view, candidate as u64, before as u32)
            }) {
                begun.recorded += 1;
            }
            // The last candidates have ended before the best of all is asked for its other folds.
            let lag = if begun.is_all { 0 } else { design.lag };
            let known = begun.fits.len().saturating_sub(lag);
            if begun.recorded < known || begun.fits.len() - begun.recorded >= CHUNK {
                return;
            }
            let history = begun.history(self.view, known);
            let wanted = self.first_folds(design, begun, &history);
            if let Some(newest) = begun.folds.len().checked_sub(1).filter(|_| !begun.is_all)
                && begun.folds[newest] < wanted
            {
                begun.go_on(newest);
                continue;
            }
            let first = |fits: usize| self.with_prior(begun.history(self.view, fits));
            let whole = self.with_prior(history);
            let growth = Growth { history: &whole, steps: known, first: &first };
            if begun.is_all {
                let leader = self.leader(growth);
                match leader.filter(|leader| begun.folds[*leader] < folds) {
                    Some(leader) => (begun.folds[leader]..folds).for_each(|_| begun.go_on(leader)),
                    None => return,
                }
                continue;
            }
            if begun.is_leaders_turn {
                // Before there is a model, it gets no more than a new candidate.
                let is_modelled = begun.candidates.len() as u64 >= self.startup(design);
                let most = if is_modelled { folds } else { wanted };
                let leader = self.leader(growth).filter(|leader| begun.folds[*leader] < most);
                begun.is_leaders_turn = leader.is_some() && !is_modelled;
                if let Some(leader) = leader {
                    begun.go_on(leader);
                }
                continue;
            }
            match self.next(design, begun, drawn, growth) {
                Some((params, point)) => begun.begin(params, point),
                None => begun.is_all = true,
            }
        }
    }

    /// The candidates before the first one by the model.
    fn startup(&self, design: &Design) -> u64 {
        design.startup(self.cube.dimensions.len()).saturating_sub(self.prior.len() as u64)
    }

    /// The number of folds of a new candidate: as few as tell it from others.
    ///
    /// The standard error of its mean is to be at most [`LARGEST_ERROR`] of the distance from the median candidate at
    /// Sobol points to the best one of all.
    fn first_folds(&self, design: &Design, begun: &Begun<S::Params>, history: &History) -> u32 {
        let (folds, (sounded, few)) = (self.view.fold_count(), SOUNDED);
        if begun.candidates.len() <= sounded {
            return few.min(folds);
        }
        let TwoWay { means, noise, .. } = TwoWay::of(&history.folds, &history.weights);
        let Some(noise) = noise else { return few.min(folds) };
        let finite = |of: &[f64]| -> Vec<f64> { of.iter().copied().filter(|mean| mean.is_finite()).collect() };
        let mut first = finite(&means[..means.len().min(self.startup(design).max(1) as usize)]);
        first.sort_by(f64::total_cmp);
        let Some(best) = finite(&means).into_iter().reduce(f64::max) else { return folds };
        let Some(median) = first.get(first.len() / 2) else { return folds };
        let largest = LARGEST_ERROR * (best - median);
        let is_enough = |count: &u32| noise <= f64::from(*count) * (largest * largest);
        (1..folds).find(is_enough).unwrap_or(folds)
    }

    /// The history with the trials of other studies before it.
    fn with_prior(&self, history: History) -> History {
        if self.prior.len() == 0 { history } else { self.prior.clone().before(self.cube, history) }
    }

    /// What is expected of each candidate of the search that has a score.
    fn means(&self, growth: Growth<'_>) -> Option<Vec<f64>> {
        let is_modelled = growth.history.len() <= MODELLED;
        let means =
            if is_modelled { (self.expected)(&self.cube.dimensions, growth)? } else { growth.history.scores.clone() };
        Some(means[growth.history.prior..].to_vec())
    }

    /// The candidate that is expected to be the best.
    fn leader(&self, growth: Growth<'_>) -> Option<usize> {
        largest(&self.means(growth)?)
    }

    /// The next candidate; `None` where there is none.
    fn next(
        &self,
        design: &Design,
        begun: &Begun<S::Params>,
        drawn: &mut Drawn,
        growth: Growth<'_>,
    ) -> Option<(S::Params, Point)> {
        let number = begun.candidates.len();
        if number >= design.candidates {
            return None;
        }
        if let Some((params, point)) = self.enqueued.get(number) {
            return Some(((*params).clone(), point.clone()));
        }
        if let Some(trial) = self.view.trials.get(number as u64)
            && let Some(point) = self.cube.point(&trial.params)
        {
            return Some((trial.params.clone(), point));
        }
        if (number as u64) < self.startup(design) {
            let first = Draws::new(self.cube, sobol::key(self.view.seed), DrawKind::Sobol);
            return first.nth(drawn, (number - self.enqueued.len()) as u64);
        }
        let pending = &begun.points[growth.history.len() - growth.history.prior..];
        let (number, seed, tried) = (number as u64, self.view.seed, &begun.tried);
        Step { cube: self.cube, number, seed, growth, pending, tried }.choose(self.name, self.choose)
    }
}

/// The first of the largest finite numbers.
fn largest(means: &[f64]) -> Option<usize> {
    let finite = (0..means.len()).filter(|&at| means[at].is_finite());
    finite.reduce(|a, b| if means[b] > means[a] { b } else { a })
}
