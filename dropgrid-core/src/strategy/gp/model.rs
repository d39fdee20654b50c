//! A Gaussian process of the scores that a search has.

use dropgrid_surrogate::{
    Dimension,
    gp::{Hyperparameters, Inputs, Observed, Posterior},
};

use crate::strategy::{
    cube::Point,
    sequential::{Digest, Growth, History, Memo},
};

/// The number of steps before the first search for hyperparameters.
const FIRST: usize = 5;

/// The steps from which on a search for hyperparameters begins at the last ones alone.
const SURE: usize = 100;

thread_local! {
    static FITTED: Memo<Hyperparameters> = Memo::default();
}

/// The scores of a search with mean 0 and deviation 1.
#[derive(Debug)]
struct Standardized<'a> {
    inputs: Inputs<'a>,
    scores: Vec<f64>,
    variances: Vec<f64>,
    mean: f64,
    deviation: f64,
}

impl<'a> Standardized<'a> {
    fn new(dimensions: &'a [Dimension], history: &History) -> Option<Self> {
        let scores = history.finite_scores()?;
        let count = scores.len() as f64;
        // Halved, since the sum of large scores may be beyond the largest number.
        let mean = scores.iter().map(|score| score / count).sum::<f64>();
        let deviation = scores.iter().map(|score| (score - mean) * (score - mean) / count).sum::<f64>().sqrt();
        let deviation = if deviation > 0.0 && deviation.is_finite() { deviation } else { 1.0 };
        let variances = history.variances.iter().map(|variance| (variance / deviation / deviation).min(1e6)).collect();
        let scores = scores.iter().map(|score| (score - mean) / deviation).collect();
        Some(Self { inputs: inputs(dimensions, &history.points), scores, variances, mean, deviation })
    }

    fn observed(&self) -> Observed<'_, 'a> {
        Observed { inputs: &self.inputs, scores: &self.scores, variances: &self.variances }
    }
}

/// Candidates as the inputs of a process.
fn inputs<'a>(dimensions: &'a [Dimension], points: &[Point]) -> Inputs<'a> {
    Inputs::new(dimensions, &points.iter().map(|point| point.0.as_slice()).collect::<Vec<_>>())
}

/// The hyperparameters for the scores of a search: those of the largest posterior density after the first 5, 6, 7, ...
/// steps, anew after each tenth more. Each search for them begins at the last ones, and after fewer than 100 steps at
/// fixed ones too.
fn hyperparameters(dimensions: &[Dimension], growth: Growth<'_>) -> Hyperparameters {
    let mut sizes = vec![FIRST.min(growth.steps)];
    while let Some(next) = sizes.last().map(|size| size + (size / 10).max(1)).filter(|next| *next <= growth.steps) {
        sizes.push(next);
    }
    fitted(dimensions, growth.first, &sizes)
}

/// The hyperparameters after the first steps, as many as the last of the sizes says.
fn fitted(dimensions: &[Dimension], history: &dyn Fn(usize) -> History, sizes: &[usize]) -> Hyperparameters {
    let start = || Hyperparameters::start(Inputs::new(dimensions, &[]).axes.len());
    let Some((&size, earlier)) = sizes.split_last() else { return start() };
    let first = history(size);
    let digest = first.add_to(Digest::new(&format!("{dimensions:?}")).words([size as u64]));
    let fit = || {
        let Some(scores) = Standardized::new(dimensions, &first) else { return start() };
        let last = (!earlier.is_empty()).then(|| fitted(dimensions, history, earlier));
        let is_sure = last.is_some() && size >= SURE;
        let starts: Vec<_> = last.into_iter().chain((!is_sure).then(start)).collect();
        scores.observed().fit(&starts)
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
    /// The model after the scores, with `pending` candidates whose scores are not known; `None` where no score is
    /// finite.
    pub(super) fn new(dimensions: &'a [Dimension], growth: Growth<'_>, pending: &[Point]) -> Option<Self> {
        let scores = Standardized::new(dimensions, growth.history)?;
        let hyperparameters = hyperparameters(dimensions, growth);
        let pending: Vec<Vec<f64>> = pending.iter().map(|point| scores.inputs.of(&point.0)).collect();
        let posterior = Posterior::new(&scores.observed(), &hyperparameters, &pending)?;
        Some(Self { posterior, mean: scores.mean, deviation: scores.deviation })
    }

    /// The means of the candidates, those with scores first, in units of the deviation.
    pub(super) fn means(&self) -> Vec<f64> {
        let inputs = &self.posterior.inputs;
        self.posterior.means(&(0..inputs.len()).map(|at| inputs.row(at)).collect::<Vec<_>>())
    }

    /// The means of the candidates in the unit of the scores.
    pub(super) fn score_means(&self) -> Vec<f64> {
        self.means().into_iter().map(|mean| self.mean + self.deviation * mean).collect()
    }
}

/// What a Gaussian process expects of further scores of the candidates that have scores, in the unit of these; `None`
/// where no score is finite. Beside the mean it is the candidate's own deviation from it: what the process takes as
/// noise, without the noise that the folds show.
pub(in crate::strategy) fn expected(dimensions: &[Dimension], growth: Growth<'_>) -> Option<Vec<f64>> {
    let model = Model::new(dimensions, growth, &[])?;
    let own = model.posterior.own_deviations();
    Some(model.score_means().iter().zip(own).map(|(mean, own)| mean + model.deviation * own).collect())
}
