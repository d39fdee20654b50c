//! A Gaussian process of the scores of single folds.

use dropgrid_surrogate::{
    Dimension,
    gp::{Hyperparameters, Inputs, Observed, Posterior},
};

use crate::strategy::{
    cube::Point,
    sequential::{Digest, Memo},
};

/// The number of scores of the first search for hyperparameters.
const FIRST: usize = 5;

/// The scores from which on a search for hyperparameters begins at the last ones alone.
const SURE: usize = 100;

/// The scores from which on hyperparameters stay as they are.
const FIXED: usize = 300;

/// The distance from the median to the best tenth, so many of which below the median all bad scores are one.
const FAR: f64 = 3.0;

thread_local! {
    static FITTED: Memo<Hyperparameters> = Memo::default();
}

/// Scores of candidates on single folds, in the order of the fits. Higher is better; NaN of a failed fit.
#[derive(Debug, Clone, Default)]
pub(super) struct Scores {
    pub(super) points: Vec<Point>,
    /// The folds; empty where there is one.
    pub(super) folds: Vec<u32>,
    pub(super) values: Vec<f64>,
}

impl Scores {
    /// A digest with all of it.
    pub(super) fn add_to(&self, digest: Digest) -> Digest {
        let points = self.points.iter().flat_map(Point::words);
        digest.words(points).words(self.folds.iter().map(|fold| u64::from(*fold))).numbers(&self.values)
    }

    fn first(&self, len: usize) -> Self {
        let folds = self.folds[..len.min(self.folds.len())].to_vec();
        Self { points: self.points[..len].to_vec(), folds, values: self.values[..len].to_vec() }
    }

    /// The scores as the process sees them: without the tail of bad ones, which says nothing of the good ones and would
    /// set the scale. Failures are the worst. `None` where no score is finite.
    fn without_tail(&self) -> Option<Vec<f64>> {
        let mut sorted: Vec<f64> = self.values.iter().copied().filter(|score| score.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let (median, good) = (sorted[last / 2], sorted[last - last / 10]);
        let tail = median - FAR * (good - median);
        let worst = if good > median && tail.is_finite() { sorted[0].max(tail) } else { sorted[0] };
        let best = sorted[last];
        Some(self.values.iter().map(|score| if score.is_nan() { worst } else { score.clamp(worst, best) }).collect())
    }
}

/// The same with mean 0 and deviation 1.
struct Standardized<'a> {
    inputs: Inputs<'a>,
    scores: Vec<f64>,
    folds: Vec<u32>,
    variances: Vec<f64>,
    mean: f64,
    deviation: f64,
}

impl<'a> Standardized<'a> {
    /// The scores, and the folds of those that are pending behind theirs.
    fn new(dimensions: &'a [Dimension], of: &Scores, pending: &[u32]) -> Option<Self> {
        let scores = of.without_tail()?;
        let count = scores.len() as f64;
        // Each is divided before the sum, which may be beyond the largest number.
        let mean = scores.iter().map(|score| score / count).sum::<f64>();
        let deviation = scores.iter().map(|score| (score - mean) * (score - mean) / count).sum::<f64>().sqrt();
        let deviation = if deviation > 0.0 && deviation.is_finite() { deviation } else { 1.0 };
        let inputs = Inputs::new(dimensions, &of.points.iter().map(|point| point.0.as_slice()).collect::<Vec<_>>());
        let folds = of.folds.iter().chain(pending).copied().collect();
        let variances = vec![0.0; scores.len()];
        let scores = scores.iter().map(|score| (score - mean) / deviation).collect();
        Some(Self { inputs, scores, folds, variances, mean, deviation })
    }

    fn observed(&self) -> Observed<'_, 'a> {
        let Self { inputs, scores, folds, variances, .. } = self;
        Observed { inputs, scores, variances, folds }
    }
}

/// The hyperparameters of the largest posterior density for the first 5, 6, 7, ... scores, anew after each tenth more,
/// as in [`Gp`](crate::strategy::Gp), up to 300.
fn hyperparameters(dimensions: &[Dimension], scores: &Scores) -> Hyperparameters {
    let most = scores.points.len().min(FIXED);
    let mut sizes = vec![FIRST.min(most)];
    while let Some(next) = sizes.last().map(|size| size + (size / 10).max(1)).filter(|next| *next <= most) {
        sizes.push(next);
    }
    fitted(dimensions, scores, &sizes)
}

fn fitted(dimensions: &[Dimension], scores: &Scores, sizes: &[usize]) -> Hyperparameters {
    let start = || {
        let axes = Inputs::new(dimensions, &[]).axes.len();
        if scores.folds.is_empty() { Hyperparameters::start(axes) } else { Hyperparameters::start_by_fold(axes) }
    };
    let Some((&size, earlier)) = sizes.split_last() else { return start() };
    let first = scores.first(size);
    let digest = first.add_to(Digest::new(&format!("{dimensions:?}")).words([size as u64]));
    let fit = || {
        let Some(standardized) = Standardized::new(dimensions, &first, &[]) else { return start() };
        let last = (!earlier.is_empty()).then(|| fitted(dimensions, scores, earlier));
        let is_sure = last.is_some() && size >= SURE;
        let starts: Vec<_> = last.into_iter().chain((!is_sure).then(start)).collect();
        standardized.observed().fit(&starts)
    };
    FITTED.with(|memo| memo.get(digest, fit))
}

/// A model of the scores of a search.
#[derive(Debug)]
pub(super) struct Model<'a> {
    pub(super) posterior: Posterior<'a>,
    mean: f64,
    deviation: f64,
}

impl<'a> Model<'a> {
    /// The model after the scores, with `pending` fits on folds whose scores are not known; `None` where no score is
    /// finite.
    pub(super) fn new(dimensions: &'a [Dimension], scores: &Scores, pending: &[(&Point, u32)]) -> Option<Self> {
        let folds: Vec<u32> =
            if scores.folds.is_empty() { Vec::new() } else { pending.iter().map(|it| it.1).collect() };
        let standardized = Standardized::new(dimensions, scores, &folds)?;
        let hyperparameters = hyperparameters(dimensions, scores);
        let pending: Vec<Vec<f64>> = pending.iter().map(|(point, _)| standardized.inputs.of(&point.0)).collect();
        let posterior = Posterior::new(&standardized.observed(), &hyperparameters, &pending)?;
        Some(Self { posterior, mean: standardized.mean, deviation: standardized.deviation })
    }

    /// The means of candidates over all folds that there could be, in units of the deviation.
    pub(super) fn means(&self, points: &[&Point]) -> Vec<f64> {
        let rows: Vec<Vec<f64>> = points.iter().map(|point| self.posterior.inputs.of(&point.0)).collect();
        self.posterior.means(&rows)
    }

    /// A mean in the unit of the scores.
    pub(super) fn score(&self, mean: f64) -> f64 {
        self.mean + self.deviation * mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_scores_have_no_tail() {
        let of = |scores: &[f64]| Scores { values: scores.to_vec(), ..Scores::default() }.without_tail();
        // The median is 0, the best tenth begins at 2.
        let scores = [-90.0, -7.0, -5.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0];
        assert_eq!(of(&scores).map(|all| all[..4].to_vec()), Some(vec![-6.0, -6.0, -5.0, -1.0]));
        assert_eq!(of(&[f64::NAN, 1.0, f64::NEG_INFINITY, f64::INFINITY]), Some(vec![1.0; 4]));
        assert_eq!(of(&[f64::NAN]), None);
    }

    /// Half of the candidates are on an easy fold. Without its level they would all be the better ones.
    #[test]
    fn what_a_fold_shares_says_nothing_of_a_candidate() {
        let dimensions = [Dimension::Real { low: 0.0, high: 1.0, log: false, singles: None }];
        let at = |number: usize| (number * 7 % 20) as f64 / 20.0;
        let truth = |x: f64| -(x - 0.3) * (x - 0.3);
        let points: Vec<Point> = (0..20).map(|number| Point(vec![Some(at(number))])).collect();
        let folds: Vec<u32> = (0..20).map(|number| u32::from(at(number) > 0.5) ^ u32::from(number % 5 == 0)).collect();
        let scores = (0..20).map(|number| truth(at(number)) + f64::from(folds[number])).collect();
        let scores = Scores { points, folds, values: scores };
        let model = Model::new(&dimensions, &scores, &[]).expect("a model");
        let grid: Vec<Point> = (0..=20).map(|step| Point(vec![Some(f64::from(step) / 20.0)])).collect();
        let means = model.means(&grid.iter().collect::<Vec<_>>());
        let best = (0..=20).max_by(|&a, &b| means[a].total_cmp(&means[b])).expect("a best one");
        assert!((4..=8).contains(&best), "{best}: {means:?}");
    }
}
