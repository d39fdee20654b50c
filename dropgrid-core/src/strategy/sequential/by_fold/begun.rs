//! The fits that a search fold by fold has decided.

use std::{collections::HashSet, ops::Range};

use super::super::history::{History, signed_score};
use crate::{
    record::{Budget, Job},
    space::Space,
    strategy::{
        View,
        cube::{Identity, Point},
    },
};

/// The fits so far, in the order in which they were decided, and the candidates.
pub(super) struct Begun<P> {
    /// The candidate of each fit. A candidate's fits are on its folds in their order.
    pub(super) fits: Vec<usize>,
    /// The first so many fits have records.
    pub(super) recorded: usize,
    pub(super) candidates: Vec<P>,
    pub(super) points: Vec<Point>,
    /// The number of fits of each candidate.
    pub(super) folds: Vec<u32>,
    pub(super) tried: HashSet<Identity>,
    /// True where the leader has the turn before another candidate begins.
    pub(super) is_leaders_turn: bool,
    /// True once no candidate is left to begin.
    pub(super) is_all: bool,
}

impl<P> Default for Begun<P> {
    fn default() -> Self {
        Self {
            fits: Vec::new(),
            recorded: 0,
            candidates: Vec::new(),
            points: Vec::new(),
            folds: Vec::new(),
            tried: HashSet::new(),
            is_leaders_turn: false,
            is_all: false,
        }
    }
}

impl<P: Clone> Begun<P> {
    /// Decides a fit of a candidate on its next fold.
    pub(super) fn go_on(&mut self, candidate: usize) {
        self.fits.push(candidate);
        self.folds[candidate] += 1;
    }

    /// Decides the first fit of a new candidate.
    pub(super) fn begin(&mut self, params: P, point: Point) {
        self.tried.insert(point.identity());
        self.points.push(point);
        self.candidates.push(params);
        self.folds.push(0);
        self.go_on(self.candidates.len() - 1);
        self.is_leaders_turn = true;
    }

    /// The scores of the first fits.
    pub(super) fn history<S: Space<Params = P>>(&self, view: &View<'_, S>, fits: usize) -> History {
        let weights: Vec<f64> = view.folds.iter().map(|fold| fold.weight).collect();
        let mut folds: Vec<Vec<f64>> = Vec::new();
        for &candidate in &self.fits[..fits] {
            if candidate == folds.len() {
                folds.push(Vec::new());
            }
            let fold = folds[candidate].len() as u32;
            let record = view.trials.get(candidate as u64).and_then(|trial| trial.record(fold, Budget::Full));
            folds[candidate].push(record.map_or(f64::NAN, |record| signed_score(view, record)));
        }
        History::by_fold(&self.points, folds, &weights)
    }

    /// The jobs of these fits.
    pub(super) fn jobs(&self, fits: Range<usize>) -> impl Iterator<Item = Job<P>> {
        let mut folds = vec![0; self.candidates.len()];
        self.fits[..fits.start].iter().for_each(|&candidate| folds[candidate] += 1);
        self.fits[fits].iter().map(move |&candidate| {
            let (params, fold) = (self.candidates[candidate].clone(), folds[candidate]);
            folds[candidate] += 1;
            Job { candidate: candidate as u64, params, fold, budget: Budget::Full }
        })
    }
}

/// True where a fit has its record.
pub(super) fn has_record<S: Space>(view: &View<'_, S>, candidate: u64, fold: u32) -> bool {
    view.trials.get(candidate).is_some_and(|trial| trial.record(fold, Budget::Full).is_some())
}
