//! Means of candidates that were scored on different folds.

use crate::record::mean_and_std;

/// The most rounds in which the means of candidates and the effects of folds are balanced.
const ROUNDS: usize = 100;

/// The weight of the variance that candidates have in common, in degrees of freedom.
pub(super) const COMMON: f64 = 4.0;

/// Candidates that were scored on a part of the folds, as candidates and folds explain their scores: by least squares,
/// a score is the mean of its candidate plus the effect of its fold, which all candidates there share, plus noise.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct TwoWay {
    /// The mean of each candidate without the effects of its folds. Not finite of one with a score that is not.
    pub(super) means: Vec<f64>,
    /// The squared standard error of each mean. The variance of the noise is that of the candidate, averaged with the
    /// median of all at a weight of four more degrees of freedom. 0 where no candidate has a second fold.
    pub(super) variances: Vec<f64>,
    /// The median variance of the noise of one score; `None` where no candidate has a second fold.
    pub(super) noise: Option<f64>,
}

impl TwoWay {
    /// Explains the scores of each candidate on its first folds. `weights` has the weights of all folds.
    pub(super) fn of(scores: &[Vec<f64>], weights: &[f64]) -> Self {
        let is_whole = |of: &Vec<f64>| of.iter().all(|score| score.is_finite());
        let whole: Vec<&Vec<f64>> = scores.iter().filter(|of| is_whole(of)).collect();
        let effects = effects(&whole, weights);
        let adjusted = |of: &[f64]| -> Vec<f64> { of.iter().zip(&effects).map(|(score, of)| score - of).collect() };
        let mean = |of: &[f64]| mean_and_std(of, &weights[..of.len()]).0;
        let means: Vec<f64> = scores.iter().map(|of| mean(&adjusted(of))).collect();

        let folds = whole.iter().map(|of| of.len()).max().unwrap_or(0);
        let free: usize = whole.iter().map(|of| of.len().saturating_sub(1)).sum();
        // Each fold but one takes a degree of freedom for its effect.
        let Some(left) = free.checked_sub(folds.saturating_sub(1)).filter(|left| *left > 0) else {
            return Self { variances: vec![0.0; means.len()], means, noise: None };
        };
        let shares = |of: &[f64]| -> Vec<f64> {
            let total: f64 = weights[..of.len()].iter().sum();
            weights[..of.len()].iter().map(|weight| weight / total).collect()
        };
        let own = |of: &[f64]| -> f64 {
            let (adjusted, count) = (adjusted(of), of.len() as f64);
            let mean = mean(&adjusted);
            let squares = adjusted.iter().zip(shares(of)).map(|(score, share)| share * (score - mean) * (score - mean));
            squares.sum::<f64>() * count / (count - 1.0) * free as f64 / left as f64
        };
        let mut known: Vec<f64> = whole.iter().filter(|of| of.len() > 1).map(|of| own(of)).collect();
        known.sort_by(f64::total_cmp);
        let median = f64::midpoint(known[(known.len() - 1) / 2], known[known.len() / 2]);
        let variance = |of: &Vec<f64>| {
            let of_mean: f64 = shares(of).iter().map(|share| share * share).sum();
            let own_degrees = of.len() as f64 - 1.0;
            let own = if is_whole(of) && of.len() > 1 { own(of) } else { median };
            (own_degrees * own + COMMON * median) / (own_degrees + COMMON) * of_mean
        };
        Self { variances: scores.iter().map(variance).collect(), means, noise: Some(median) }
    }
}

/// The effects of folds, whose weighted mean is 0.
fn effects(scores: &[&Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let folds = scores.iter().map(|of| of.len()).max().unwrap_or(0);
    let mut effects = vec![0.0; folds];
    for _ in 0..ROUNDS {
        let mut sums = vec![(0.0, 0.0); folds];
        for of in scores {
            let adjusted: Vec<f64> = of.iter().zip(&effects).map(|(score, effect)| score - effect).collect();
            let mean = mean_and_std(&adjusted, &weights[..of.len()]).0;
            for ((sum, count), score) in sums.iter_mut().zip(of.iter()) {
                (*sum, *count) = (*sum + (score - mean), *count + 1.0);
            }
        }
        let found: Vec<f64> = sums.iter().map(|(sum, count)| sum / count).collect();
        let centre = mean_and_std(&found, &weights[..folds]).0;
        let found: Vec<f64> = found.iter().map(|effect| effect - centre).collect();
        let (mut moved, mut largest) = (0.0_f64, 0.0_f64);
        for (new, old) in found.iter().zip(&effects) {
            (moved, largest) = (moved.max((new - old).abs()), largest.max(new.abs()));
        }
        effects = found;
        if moved <= 1e-12 * largest {
            break;
        }
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_of_a_fold_is_taken_out_of_the_means() {
        // Means 1, 3 and 2, effects -2, 1 and 1, no noise: the third candidate was scored on the easy fold alone.
        let scores = [vec![-1.0, 2.0, 2.0], vec![1.0, 4.0, 4.0], vec![0.0]];
        let found = TwoWay::of(&scores, &[1.0; 3]);
        for (mean, expected) in found.means.iter().zip([1.0, 3.0, 2.0]) {
            assert!((mean - expected).abs() < 1e-9, "{found:?}");
        }
        assert!(found.noise.is_some_and(|noise| noise < 1e-18), "{found:?}");
    }

    #[test]
    fn fewer_folds_have_a_larger_error() {
        // By hand: residuals -0.5, 0.5 and 0.5, -0.5; 4 scores, 2 candidates, 1 effect leave one degree of freedom, so
        // each variance is 0.5 * 2/1 = 1.
        let found = TwoWay::of(&[vec![0.0, 2.0], vec![1.0, 1.0]], &[1.0; 2]);
        assert_eq!((found.noise, found.variances), (Some(1.0), vec![0.5, 0.5]));
        let one_fold_more = TwoWay::of(&[vec![0.0, 2.0], vec![1.0, 1.0], vec![5.0]], &[1.0; 2]);
        assert_eq!(one_fold_more.variances[2], one_fold_more.noise.expect("noise"));
        // No second fold, no error that is known; a failed fit has no mean, and the error of the others.
        assert_eq!(TwoWay::of(&[vec![1.0], vec![2.0]], &[1.0; 2]).variances, [0.0, 0.0]);
        let failed = TwoWay::of(&[vec![0.0, 2.0], vec![1.0, 1.0], vec![f64::NAN, 1.0]], &[1.0; 2]);
        assert!(failed.means[2].is_nan() && failed.variances[2] == 0.5, "{failed:?}");
        assert_eq!(TwoWay::of(&[], &[1.0; 2]), TwoWay::default());
    }
}
