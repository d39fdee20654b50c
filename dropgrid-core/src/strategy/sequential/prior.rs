//! Trials of other studies before those of the search.

use super::history::{History, variances};
use crate::{
    metric::Direction,
    record::mean_and_std,
    space::Space,
    strategy::{
        PriorStudy, View,
        cube::{Cube, Point},
    },
};

/// The trials of other studies as points, with scores in the standard deviations of their study: higher is better.
#[derive(Debug, Clone, Default)]
pub(super) struct Prior {
    points: Vec<Point>,
    scores: Vec<f64>,
    variances: Vec<f64>,
}

impl Prior {
    pub(super) fn of<S: Space>(view: &View<'_, S>, cube: &Cube<'_, S>) -> Self {
        let mut prior = Self::default();
        view.priors.iter().for_each(|study| prior.add(study, cube));
        prior
    }

    /// The number of trials.
    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    fn add<S: Space>(&mut self, study: &PriorStudy<S::Params>, cube: &Cube<'_, S>) {
        let sign = if study.direction == Direction::Minimize { -1.0 } else { 1.0 };
        let known = study.trials.iter().filter_map(|(params, scores)| Some((cube.point(params)?, scores)));
        let (points, folds): (Vec<Point>, Vec<Vec<f64>>) =
            known.map(|(point, scores)| (point, scores.iter().map(|score| sign * score).collect())).unzip();
        let means: Vec<f64> = folds.iter().map(|of| mean_and_std(of, &study.weights).0).collect();
        let (mean, deviation) = location(&means);
        let scaled = |score: &f64| (score - mean) / deviation;
        let own = variances(&folds, &means, &study.weights);
        self.variances.extend(own.iter().map(|variance| variance / deviation / deviation));
        self.scores.extend(means.iter().map(scaled));
        self.points.extend(points);
    }

    /// The mean and the deviation that become 0 and 1, so that scores of the search at these points are on the scale of
    /// the prior ones: their mean and standard deviation become those of the nearest prior trials. Candidates that a
    /// model chose are better than most, so their own mean and deviation would not do.
    fn scale<S: Space>(&self, cube: &Cube<'_, S>, points: &[Point], scores: &[f64]) -> (f64, f64) {
        let finite: Vec<usize> = (0..points.len()).filter(|&at| scores[at].is_finite()).collect();
        let own: Vec<f64> = finite.iter().map(|&at| scores[at]).collect();
        let nearest: Vec<f64> = finite.iter().filter_map(|&at| self.nearest(cube, &points[at])).collect();
        if own.is_empty() || nearest.is_empty() {
            return (0.0, 1.0);
        }
        let ((mean, own), (prior_mean, prior)) = (location(&own), location(&nearest));
        let is_spread = |values: &[f64]| values.iter().any(|value| *value != values[0]);
        let deviation = if is_spread(&nearest) && finite.len() > 2 { own / prior } else { own };
        (mean - prior_mean * deviation, deviation)
    }

    /// The history of a search with these trials before its own, all of it on their scale.
    pub(super) fn before<S: Space>(self, cube: &Cube<'_, S>, mut history: History) -> History {
        let (mean, deviation) = self.scale(cube, &history.points, &history.scores);
        let scores = history.folds.iter_mut().flatten().chain(&mut history.scores);
        scores.for_each(|score| *score = (*score - mean) / deviation);
        let own = history.own_variances();
        history.prior = self.points.len();
        history.points.splice(..0, self.points);
        history.scores.splice(..0, self.scores);
        history.variances = self.variances;
        history.variances.extend(own);
        history
    }

    /// The score of the prior trial nearest to a point; the first of several.
    fn nearest<S: Space>(&self, cube: &Cube<'_, S>, point: &Point) -> Option<f64> {
        let distance = |other: &Point| -> f64 {
            let axes = cube.dimensions.iter().zip(point.0.iter().zip(&other.0));
            let of = axes.map(|(axis, pair)| match pair {
                (Some(a), Some(b)) if axis.is_choice() => f64::from(u8::from(a != b)),
                (Some(a), Some(b)) => (a - b) * (a - b),
                (None, None) => 0.0,
                _ => 1.0,
            });
            of.sum()
        };
        let known = (0..self.points.len()).filter(|&at| self.scores[at].is_finite());
        let nearest = known.min_by(|&a, &b| distance(&self.points[a]).total_cmp(&distance(&self.points[b])));
        nearest.map(|at| self.scores[at])
    }
}

/// The mean and the standard deviation of the finite values; 1 where that is no positive number.
fn location(values: &[f64]) -> (f64, f64) {
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let (mean, deviation) = mean_and_std(&finite, &vec![1.0; finite.len()]);
    (if mean.is_finite() { mean } else { 0.0 }, if deviation > 0.0 && deviation.is_finite() { deviation } else { 1.0 })
}
