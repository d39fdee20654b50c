//! The Gaussian process against scikit-learn, and its derivatives against differences.

use super::{
    acquisition::Acquisition,
    inputs::Inputs,
    likelihood::{Hyperparameters, Observed},
    posterior::{PointWork, Posterior},
    square::LANES,
};
use crate::Dimension;

/// So many axes of real numbers.
fn reals(axes: usize) -> Vec<Dimension> {
    vec![Dimension::Real { low: 0.0, high: 1.0, log: false, singles: None }; axes]
}

fn inputs<'a>(dimensions: &'a [Dimension], rows: &[Vec<f64>]) -> Inputs<'a> {
    let rows: Vec<Vec<Option<f64>>> = rows.iter().map(|row| row.iter().copied().map(Some).collect()).collect();
    Inputs::new(dimensions, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Scores on some axes, of which the last one is a choice.
struct Case {
    dimensions: Vec<Dimension>,
    rows: Vec<Vec<f64>>,
    scores: Vec<f64>,
    variances: Vec<f64>,
    hyperparameters: Hyperparameters,
}

impl Case {
    fn mixed() -> Self {
        let mut dimensions = reals(2);
        dimensions.push(Dimension::Choices(3));
        let row = |at: u32| {
            let part = |by: u32| f64::from(at * by % 17) / 17.0;
            vec![part(5), part(7), f64::from(at % 3)]
        };
        let rows: Vec<Vec<f64>> = (0..14).map(row).collect();
        let scores = rows.iter().map(|row| (5.0 * row[0]).sin() - row[1] * row[1] + 0.5 * (row[2] - 1.0)).collect();
        let variances = (0..14).map(|at| f64::from(at % 4) * 0.01).collect();
        let hyperparameters = Hyperparameters { inverse_squared_lengths: vec![3.0, 0.8, 0.4], scale: 1.3, noise: 0.02 };
        Self { dimensions, rows, scores, variances, hyperparameters }
    }

    fn inputs(&self) -> Inputs<'_> {
        inputs(&self.dimensions, &self.rows)
    }
}

/// Likelihoods, means and variances of scikit-learn 1.9.1, by `tests/golden/gp.py`.
#[test]
fn posteriors_are_those_of_scikit_learn() {
    let mut lines = include_str!("../../../tests/golden/gp.txt")
        .lines()
        .map(|line| line.split(' ').map(|cell| cell.parse().expect("a number")).collect::<Vec<f64>>());
    let mut next = || lines.next().expect("a line");
    for (count, axes, least) in [(1, 1, 1e-9), (9, 2, 1e-9), (40, 4, 1e-9)] {
        let head = next();
        assert_eq!(head[..2], [f64::from(count), axes as f64]);
        let of_all = next();
        let hyperparameters = Hyperparameters {
            inverse_squared_lengths: of_all[..axes].to_vec(),
            scale: of_all[axes],
            noise: of_all[axes + 1],
        };
        let observed: Vec<Vec<f64>> = (0..count).map(|_| next()).collect();
        let rows: Vec<Vec<f64>> = observed.iter().map(|row| row[..axes].to_vec()).collect();
        let column = |at: usize| observed.iter().map(|row| row[at]).collect::<Vec<f64>>();
        let (scores, variances) = (column(axes), column(axes + 1));
        let dimensions = reals(axes);
        let inputs = inputs(&dimensions, &rows);
        let observed = Observed { inputs: &inputs, scores: &scores, variances: &variances };
        let likelihood = observed.log_likelihood(&hyperparameters, None).expect("a likelihood");
        let wanted = next()[0];
        assert!((likelihood - wanted).abs() < least * wanted.abs(), "{likelihood} and {wanted}");

        let posterior = Posterior::new(&observed, &hyperparameters, &[]).expect("a posterior");
        let mut covariances = vec![[0.0; LANES]; inputs.len()];
        for _ in 0..8.min(6 + count) {
            let row = next();
            let (point, mean, variance) = (row[..axes].to_vec(), row[axes], row[axes + 1]);
            let by_slopes = posterior.slopes(&point, &mut PointWork::default());
            posterior.covariances(&[point], &mut Vec::new(), &mut covariances);
            let bounded = posterior.bounded(&covariances);
            let variances = posterior.variances_unless(&covariances, |_| false).expect("variances");
            for is in [by_slopes, (bounded.means[0], variances[0])] {
                let is_close = (is.0 - mean).abs() < least && (is.1 - variance).abs() < least;
                assert!(is_close, "{is:?}, {mean} and {variance}");
            }
            assert!(bounded.variances[0] >= variance - least);
        }
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn slopes_of_the_likelihood_are_those_of_differences() {
    let case = Case::mixed();
    let inputs = case.inputs();
    let observed = Observed { inputs: &inputs, scores: &case.scores, variances: &case.variances };
    let Hyperparameters { inverse_squared_lengths: lengths, scale, noise } = &case.hyperparameters;
    let mut slopes = vec![0.0; 5];
    observed.log_likelihood(&case.hyperparameters, Some(&mut slopes)).expect("a likelihood");
    let at = |axis: usize, by: f64| {
        let factor = |at: usize| if at == axis { f64::exp(by) } else { 1.0 };
        // The least noise is no part of the logarithm.
        let noise = (noise - 1e-6) * factor(4) + 1e-6;
        let lengths = lengths.iter().enumerate().map(|(at, length)| length * factor(at)).collect();
        let other = Hyperparameters { inverse_squared_lengths: lengths, scale: scale * factor(3), noise };
        observed.log_likelihood(&other, None).expect("a likelihood")
    };
    for (axis, slope) in slopes.iter().enumerate() {
        let difference = (at(axis, 1e-5) - at(axis, -1e-5)) / 2e-5;
        assert!((slope - difference).abs() < 1e-6, "{axis}: {slope} and {difference}");
    }
}

#[test]
fn a_fit_finds_the_axes_that_matter() {
    let dimensions = reals(3);
    let row = |at: u32| (1..=3).map(|by| f64::from(at * (2 * by + 3) % 31) / 31.0).collect::<Vec<f64>>();
    let rows: Vec<Vec<f64>> = (0..30).map(row).collect();
    let scores: Vec<f64> = rows.iter().map(|row| (9.0 * row[1]).sin() * 1.4).collect();
    let inputs = inputs(&dimensions, &rows);
    let observed = Observed { inputs: &inputs, scores: &scores, variances: &[0.0; 30] };
    let start = Hyperparameters::start(3);
    let fitted = observed.fit(std::slice::from_ref(&start));
    let [a, b, c] = fitted.inverse_squared_lengths[..] else { panic!("three axes") };
    assert!(b > 20.0 * a && b > 20.0 * c && fitted.noise < 0.01, "{fitted:?}");
    let likelihood = |it: &Hyperparameters| observed.log_likelihood(it, None).expect("a likelihood");
    assert!(likelihood(&fitted) > likelihood(&start) + 10.0);
}

#[test]
fn pending_candidates_lower_the_variance_and_leave_the_mean() {
    let case = Case::mixed();
    let inputs = case.inputs();
    let observed = Observed { inputs: &inputs, scores: &case.scores, variances: &case.variances };
    let pending = vec![0.93, 0.95, 2.0];
    let alone = Posterior::new(&observed, &case.hyperparameters, &[]).expect("a posterior");
    let beside = Posterior::new(&observed, &case.hyperparameters, std::slice::from_ref(&pending)).expect("a posterior");
    let at = |posterior: &Posterior<'_>, point: &[f64]| posterior.slopes(point, &mut PointWork::default());
    for point in [&pending[..], &[0.4, 0.9, 2.0], &[0.1, 0.1, 0.0]] {
        let (of_alone, of_beside) = (at(&alone, point), at(&beside, point));
        assert!((of_alone.0 - of_beside.0).abs() < 1e-12);
        assert!(of_beside.1 <= of_alone.1 + 1e-12);
    }
    let near = [0.93, 0.95, 2.0];
    assert!(at(&beside, &near).1 < 0.2 * at(&alone, &near).1);
}

#[test]
fn the_search_for_the_largest_improvement_finds_it() {
    let case = Case::mixed();
    let inputs = case.inputs();
    let observed = Observed { inputs: &inputs, scores: &case.scores, variances: &case.variances };
    let posterior = Posterior::new(&observed, &case.hyperparameters, &[]).expect("a posterior");
    let acquisition = Acquisition::new(&posterior, 1.0);
    // A grid of 40 x 40 x 3 points, and the bounds by which most of them are passed over.
    let steps = |at: u32| f64::from(at) / 39.0;
    let grid: Vec<Vec<f64>> =
        (0..4800).map(|at| vec![steps(at % 40), steps(at / 40 % 40), f64::from(at / 1600)]).collect();
    let mut values: Vec<(f64, usize)> = acquisition.values(&grid).into_iter().zip(0..).collect();
    values.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    assert_eq!(acquisition.largest(&grid, 7), values[..7]);
    // From anywhere good, the search along the slopes and over the choices ends above the best point of the grid.
    let ends = [0, 1, 5].map(|at| acquisition.refine(&grid[values[at].1]).0);
    assert!(ends.iter().all(|end| *end >= values[0].0), "{ends:?} and {}", values[0].0);
    let from_other_choice = grid[values[0].1].iter().copied().take(2).chain([0.0]).collect::<Vec<f64>>();
    assert!(acquisition.refine(&from_other_choice).0 >= values[0].0);
}

/// Vectors of any width have the same bits: the fit, the best points and the refined one.
#[test]
fn every_instruction_set_finds_the_same_candidate() {
    let case = Case::mixed();
    let inputs = case.inputs();
    let observed = Observed { inputs: &inputs, scores: &case.scores, variances: &case.variances };
    let pending = [vec![0.93, 0.95, 2.0], vec![0.2, 0.5, 1.0]];
    let steps = |at: u32| f64::from(at % 23) / 22.0;
    let points: Vec<Vec<f64>> = (0..100).map(|at| vec![steps(at * 5), steps(at * 7), f64::from(at % 3)]).collect();
    let found = dropgrid_kernel::simd::forced::on_each(|| {
        let fitted = observed.fit(&[Hyperparameters::start(3)]);
        let posterior = Posterior::new(&observed, &fitted, &pending).expect("a posterior");
        let acquisition = Acquisition::new(&posterior, 1.0);
        let largest = acquisition.largest(&points, 5);
        let refined = acquisition.refine(&points[largest[0].1]);
        (fitted, posterior.means(&points), largest, refined)
    });
    for (level, other) in &found {
        assert_eq!(other, &found[0].1, "{level:?}");
    }
}
