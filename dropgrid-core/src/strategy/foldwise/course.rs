//! The fits in their order, each a candidate on one fold.

use std::collections::{HashMap, HashSet};

use super::{
    FoldwiseGp,
    model::{Model, Scores},
};
use crate::{
    metric::Direction,
    record::{Budget, Record},
    seed::Purpose,
    space::{Position, Space},
    strategy::{
        View,
        cube::{Cube, DrawKind, Drawn, Draws, Identity, Point},
        gp::best_candidate,
        sequential::{Digest, Memo},
        sobol,
    },
};

thread_local! {
    /// Candidates as positions.
    static CHOSEN: Memo<Option<Vec<Position>>> = Memo::default();
}

/// The fits that are decided. What was decided on some records stays.
pub(super) struct Course<P> {
    /// The candidates by number, in the order of their first fits.
    pub(super) candidates: Vec<Candidate<P>>,
    /// A candidate and a fold each.
    pub(super) steps: Vec<(usize, u32)>,
    numbers: HashMap<Identity, usize>,
    /// The number of fits on each fold.
    on_fold: Vec<usize>,
    drawn: Drawn,
    /// The steps below this number have a record.
    pub(super) scored: usize,
    /// The candidate that gets its missing folds at the end.
    last: Option<usize>,
    /// True where no candidate is left that lacks a fold.
    is_exhausted: bool,
}

/// A candidate, and its folds so far.
pub(super) struct Candidate<P> {
    pub(super) params: P,
    pub(super) point: Point,
    pub(super) folds: Vec<u32>,
}

impl<P> Default for Course<P> {
    fn default() -> Self {
        Self {
            candidates: Vec::new(),
            steps: Vec::new(),
            numbers: HashMap::new(),
            on_fold: Vec::new(),
            drawn: Drawn::default(),
            scored: 0,
            last: None,
            is_exhausted: false,
        }
    }
}

impl<P: Clone> Course<P> {
    /// Decides all fits that the records allow to decide.
    pub(super) fn go_on<S: Space<Params = P>>(&mut self, by: &FoldwiseGp, view: &View<'_, S>) {
        let cube = Cube::new(view.space);
        let startup = by.startup_of(cube.dimensions.len());
        let enqueued = view.enqueued.iter().filter_map(|params| Some((params.clone(), cube.point(params)?)));
        let enqueued: Vec<(P, Point)> = enqueued.collect();
        self.drawn.exclude(enqueued.iter().map(|(_, point)| point.identity()));
        self.on_fold.resize(view.folds.len(), 0);
        let first = Draws::new(&cube, sobol::key(view.seed), DrawKind::Sobol);
        let is_scored = |step: &(usize, u32)| score(view, *step).is_some();
        self.scored += self.steps[self.scored..].iter().take_while(|step| is_scored(step)).count();
        while self.steps.len() < by.fits && !self.is_exhausted {
            let at = self.steps.len();
            let drawn = match enqueued.get(at) {
                Some(candidate) => Some(candidate.clone()),
                None if at < startup => first.nth(&mut self.drawn, (at - enqueued.len()) as u64),
                None => None,
            };
            let candidate = match drawn {
                Some((params, point)) => Some(self.number(params, point)),
                None if self.scored < at.saturating_sub(by.lag) => return,
                None => self.choose(by, view, &cube, at.saturating_sub(by.lag)),
            };
            let Some(candidate) = candidate else {
                self.is_exhausted = true;
                return;
            };
            self.add(candidate);
        }
    }

    /// The number of a candidate, which is a new one where it has none.
    fn number(&mut self, params: P, point: Point) -> usize {
        let new = self.candidates.len();
        let number = *self.numbers.entry(point.identity()).or_insert(new);
        if number == new {
            self.candidates.push(Candidate { params, point, folds: Vec::new() });
        }
        number
    }

    /// Adds a candidate's next fit: on the fold with the fewest, of those that it lacks.
    fn add(&mut self, candidate: usize) {
        let folds = &mut self.candidates[candidate].folds;
        let missing = (0..self.on_fold.len() as u32).filter(|fold| !folds.contains(fold));
        let Some(fold) = missing.min_by_key(|&fold| self.on_fold[fold as usize]) else {
            self.is_exhausted = true;
            return;
        };
        folds.push(fold);
        self.on_fold[fold as usize] += 1;
        self.steps.push((candidate, fold));
    }

    /// The candidate of the next fit, by the scores of the first `known` ones; `None` where every candidate has had all
    /// folds.
    fn choose<S: Space<Params = P>>(
        &mut self,
        by: &FoldwiseGp,
        view: &View<'_, S>,
        cube: &Cube<'_, S>,
        known: usize,
    ) -> Option<usize> {
        let (scores, failed) = self.scores(view, &self.steps[..known]);
        let lacks = |candidate: &Candidate<P>| candidate.folds.len() < view.folds.len();
        if by.fits - self.steps.len() <= view.folds.len() {
            self.last = self.last.filter(|last| !failed.contains(last));
            self.last = self.last.or_else(|| self.leader(view, cube, known).map(|(number, _)| number));
            if let Some(last) = self.last.filter(|&last| lacks(&self.candidates[last])) {
                return Some(last);
            }
        }
        let is_out = |number: usize| failed.contains(&number) || !lacks(&self.candidates[number]);
        let out: HashSet<Identity> = (0..self.candidates.len())
            .filter(|&number| is_out(number))
            .map(|number| self.candidates[number].point.identity())
            .collect();
        let (space, seed, at) = (view.space, view.seed, self.steps.len());
        let digest = Digest::new(&format!("{space:?} {} {}", std::any::type_name::<S>(), view.folds.len()));
        let pending: Vec<(&Point, u32)> =
            self.steps[known..].iter().map(|&(number, fold)| (&self.candidates[number].point, fold)).collect();
        let digest = pending.iter().fold(digest.words([seed.0, at as u64]), |digest, (point, fold)| {
            digest.words(point.words().chain([u64::from(*fold)]))
        });
        let choose = || {
            let key = seed.key(Purpose::Proposal).fold(4).candidate(at as u64);
            let points: Vec<&Point> = self.candidates.iter().map(|candidate| &candidate.point).collect();
            let begun: Vec<Point> = (0..points.len()).filter(|&it| !is_out(it)).map(|it| points[it].clone()).collect();
            let improving = Model::new(&cube.dimensions, &scores, &pending).and_then(|model| {
                let means = model.means(&scores.points.iter().collect::<Vec<_>>());
                best_candidate(cube, (&model.posterior, &means), key, &out, &begun)
            });
            let draws = Draws::new(cube, sobol::key(seed).candidate(at as u64), DrawKind::Sobol);
            let (params, _) = improving.or_else(|| draws.untried(&out).next())?;
            space.positions_of(&params)
        };
        let positions = CHOSEN.with(|memo| memo.get(scores.add_to(digest), choose))?;
        let params = space.nearest(&positions)?;
        let point = cube.point(&params)?;
        Some(self.number(params, point))
    }

    /// The scores of these steps, and the candidates with a failed fit.
    fn scores<S: Space<Params = P>>(&self, view: &View<'_, S>, steps: &[(usize, u32)]) -> (Scores, HashSet<usize>) {
        let (mut scores, mut failed) = (Scores::default(), HashSet::new());
        for step in steps {
            let Some(score) = score(view, *step) else { continue };
            scores.points.push(self.candidates[step.0].point.clone());
            scores.values.push(score);
            scores.folds.extend((view.folds.len() > 1).then_some(step.1));
            failed.extend(score.is_nan().then_some(step.0));
        }
        (scores, failed)
    }

    /// The candidate of the best mean of the process after the first steps, of those without a failed fit, and the
    /// means of all candidates. Where all fits have a record, it is one that has had all folds, if there is any.
    pub(super) fn leader<S: Space<Params = P>>(
        &self,
        view: &View<'_, S>,
        cube: &Cube<'_, S>,
        steps: usize,
    ) -> Option<(usize, Vec<f64>)> {
        let (scores, failed) = self.scores(view, &self.steps[..steps]);
        let model = Model::new(&cube.dimensions, &scores, &[])?;
        let means = model.means(&self.candidates.iter().map(|candidate| &candidate.point).collect::<Vec<_>>());
        let mut known = vec![0; self.candidates.len()];
        self.steps[..steps].iter().filter(|step| score(view, **step).is_some()).for_each(|step| known[step.0] += 1);
        let leader = |least: usize| {
            let able = (0..means.len()).filter(|number| known[*number] >= least && !failed.contains(number));
            able.reduce(|a, b| if means[b] > means[a] { b } else { a })
        };
        let is_end = steps == self.steps.len() && self.scored == steps && (self.is_exhausted || self.last.is_some());
        let leader = is_end.then(|| leader(view.folds.len())).flatten().or_else(|| leader(1))?;
        Some((leader, means.into_iter().map(|mean| model.score(mean)).collect()))
    }
}

/// The score of a step, higher is better, where it has a record.
fn score<S: Space>(view: &View<'_, S>, (candidate, fold): (usize, u32)) -> Option<f64> {
    let record: &Record = view.trials.get(candidate as u64)?.record(fold, Budget::Full)?;
    let sign = if view.metrics[0].direction == Direction::Minimize { -1.0 } else { 1.0 };
    Some(sign * record.outcome.as_ref().map_or(view.error_score, |scores| scores[0]))
}
