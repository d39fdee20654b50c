//! The posterior of a Gaussian process, given scores.

use super::{
    inputs::Inputs,
    likelihood::{Hyperparameters, Observed},
    panel::{self, Lanes},
    scaled::Scaled,
    square::{LANES, Square, dot},
};

/// The candidates after which a variance is first bounded.
const FIRST: usize = 32;

/// The share of the scale that the rounding of a variance is below.
const ROUNDING: f64 = 1e-10;

/// A Gaussian process after some scores.
#[derive(Debug)]
pub struct Posterior<'a> {
    pub inputs: Inputs<'a>,
    pub hyperparameters: Hyperparameters,
    scaled: Scaled,
    /// K^-1 y, of the candidates with scores; the pending ones, which come after them, have none.
    alpha: Vec<f64>,
    /// One over the diagonal of K, noise and all.
    inverse_diagonal: Vec<f64>,
    /// The inverse of the factor of K.
    inverse: Square,
}

/// The memory for what the process says of one point.
#[derive(Debug, Default)]
pub(super) struct PointWork {
    values: Vec<f64>,
    /// Their derivatives by the squared distances.
    slopes: Vec<f64>,
    white: Vec<f64>,
    precise: Vec<f64>,
    sums: Vec<[f64; 2]>,
    pub(super) of_mean: Vec<f64>,
    pub(super) of_variance: Vec<f64>,
}

/// The covariances of a panel of points, with what is cheap to say of them.
#[derive(Debug)]
pub(super) struct Bounded {
    pub(super) means: Lanes,
    /// Bounds of the variances from above: those after the one candidate that tells most, or after the first ones.
    pub(super) variances: Lanes,
}

impl<'a> Posterior<'a> {
    /// The process after the scores, with `pending` candidates whose scores are not known: their means are believed,
    /// which leaves the mean elsewhere as it is and lowers the variance around them ([Ginsbourger, Le Riche and Carraro
    /// 2010](https://doi.org/10.1007/978-3-642-10701-6_6)).
    pub fn new(observed: &Observed<'_, 'a>, by: &Hyperparameters, pending: &[Vec<f64>]) -> Option<Self> {
        let count = observed.scores.len();
        let mut inputs = observed.inputs.clone();
        let mut variances = observed.variances.to_vec();
        let variance = variances.iter().sum::<f64>() / variances.len().max(1) as f64;
        for point in pending {
            inputs.push(point);
            variances.push(variance);
        }
        let all = inputs.len();
        let (mut factor, mut inverse) = (Square::new(all), Square::new(all));
        // The factor of all, whose first part is that of the candidates with scores.
        let of_all = Observed { inputs: &inputs, scores: observed.scores, variances: &variances };
        let scaled = by.scaled(&inputs);
        of_all.factor(&scaled, by, &mut factor, None)?;
        inverse.invert(&factor);
        let numbers = || vec![0.0; all.next_multiple_of(LANES)];
        let (mut scores, mut white, mut alpha) = (numbers(), numbers(), numbers());
        scores[..count].copy_from_slice(observed.scores);
        inverse.apply(count, &scores, &mut white, &mut alpha);
        alpha.truncate(count);
        let inverse_diagonal = variances.iter().map(|it| 1.0 / (by.scale + by.noise + it)).collect();
        Some(Self { hyperparameters: by.clone(), scaled, alpha, inverse_diagonal, inverse, inputs })
    }

    /// Computes the covariances of at most [`LANES`] points.
    pub(super) fn covariances(&self, points: &[impl AsRef<[f64]>], coordinates: &mut Vec<Lanes>, out: &mut [Lanes]) {
        panel::gather(points, coordinates);
        self.scaled.panel(coordinates, out);
    }

    /// The means of points, without noise, from their covariances.
    pub(super) fn panel_means(&self, covariances: &[Lanes]) -> Lanes {
        panel::weighted(&self.alpha, &covariances[..self.alpha.len()])
    }

    /// The means, and bounds of the variances.
    pub(super) fn bounded(&self, covariances: &[Lanes]) -> Bounded {
        let by_one = panel::largest_square(&self.inverse_diagonal, covariances);
        let by_first = panel::squares(&self.inverse, 0..FIRST.min(self.inputs.len()), covariances);
        let told: Lanes = std::array::from_fn(|lane| by_one[lane].max(by_first[lane]));
        Bounded { means: self.panel_means(covariances), variances: self.left(&told) }
    }

    /// The variances of points, without noise, unless `is_behind` is true of bounds from above: those after half of the
    /// candidates.
    pub(super) fn variances_unless(&self, covariances: &[Lanes], is_behind: impl Fn(&Lanes) -> bool) -> Option<Lanes> {
        let (count, scale) = (self.inputs.len(), self.hyperparameters.scale);
        // A multiple of the rows of a product: all variances are the same sums.
        let half = count / 2 / LANES * LANES;
        let first = panel::squares(&self.inverse, 0..half, covariances);
        if is_behind(&self.left(&first)) {
            return None;
        }
        let second = panel::squares(&self.inverse, half..count, covariances);
        Some(std::array::from_fn(|lane| (scale - (first[lane] + second[lane])).max(0.0)))
    }

    /// The variances that are left of the scale, and a little more than what sums are rounded by.
    fn left(&self, told: &Lanes) -> Lanes {
        let scale = self.hyperparameters.scale;
        told.map(|told| (scale - told).max(0.0) + ROUNDING * scale)
    }

    /// The deviations of the candidates with scores from the means: the part of the common noise that is expected to be a
    /// candidate's own, so that it would be seen again in further scores.
    pub fn own_deviations(&self) -> Vec<f64> {
        self.alpha.iter().map(|alpha| self.hyperparameters.noise * alpha).collect()
    }

    /// The means of points without noise.
    pub fn means(&self, points: &[Vec<f64>]) -> Vec<f64> {
        let (mut coordinates, mut covariances) = (Vec::new(), vec![[0.0; LANES]; self.inputs.len()]);
        let mut means = Vec::with_capacity(points.len());
        for points in points.chunks(LANES) {
            self.covariances(points, &mut coordinates, &mut covariances);
            means.extend_from_slice(&self.panel_means(&covariances)[..points.len()]);
        }
        means
    }

    /// The mean and the variance at a point, without noise, and their derivatives by the coordinates of numbers, which
    /// are written; those of choices are 0.
    pub(super) fn slopes(&self, point: &[f64], work: &mut PointWork) -> (f64, f64) {
        let PointWork { values, slopes, white, precise, sums, of_mean, of_variance } = work;
        let (count, known) = (self.inputs.len(), self.alpha.len());
        for numbers in [&mut *values, &mut *slopes, &mut *white, &mut *precise] {
            numbers.resize(count.next_multiple_of(LANES), 0.0);
        }
        self.scaled.point(point, values, slopes);
        let mean = dot(&values[..known], &self.alpha);
        self.inverse.apply(count, values, white, precise);
        let variance = (self.hyperparameters.scale - dot(white, white)).max(0.0);
        values
            .iter_mut()
            .zip(slopes.iter().zip(&self.alpha))
            .for_each(|(value, (slope, alpha))| *value = slope * alpha);
        values[known..].fill(0.0);
        precise.iter_mut().zip(&*slopes).for_each(|(precise, slope)| *precise *= slope);
        sums.resize(point.len(), [0.0; 2]);
        self.scaled.sum_differences(point, [values, precise], sums);
        of_mean.clear();
        of_mean.extend(sums.iter().map(|[mean, _]| mean));
        of_variance.clear();
        of_variance.extend(sums.iter().map(|[_, variance]| -2.0 * variance));
        (mean, variance)
    }
}
