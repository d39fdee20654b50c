//! The probability of each candidate to be the best, by its scores on the folds.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{graph::normal_quantile, record::mean_and_std};

/// Draws from the posterior distribution.
const DRAWS: usize = 2048;

/// The candidates that the draws compare: the best ones by their mean.
const MOST: usize = 1000;

/// The posterior probability of each candidate to have the highest expected score. The fold scores of a candidate are
/// in `scores`, finite, and higher is better; `weights` are those of the folds, two at least. Candidates behind the best
/// 1000 have 0.
///
/// It is the Bayesian correlated t-test
/// ([Benavoli, Corani, Demšar and Zaffalon 2017](https://jmlr.org/papers/v18/16-305.html)) for all candidates together:
/// their mean scores have a joint t distribution with one degree of freedom less than there are folds, and the covariance
/// of the fold scores. So two candidates are compared by their differences on the folds. The correction for overlapping
/// training parts is `correction`, a factor of the standard error.
pub(super) fn probabilities_of_best(scores: &[Vec<f64>], weights: &[f64], correction: f64) -> Vec<f64> {
    let means: Vec<f64> = scores.iter().map(|scores| mean_and_std(scores, weights).0).collect();
    let mut compared: Vec<usize> = (0..scores.len()).collect();
    compared.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
    compared.truncate(MOST);
    let total: f64 = weights.iter().sum();
    let weights: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
    let others = (weights.len() - 1) as f64;
    let unbiased = (weights.len() as f64 / others).sqrt();

    let mut normals = Normals(ChaCha8Rng::seed_from_u64(0));
    let (mut probabilities, mut drawn) = (vec![0.0; scores.len()], Vec::with_capacity(compared.len()));
    for _ in 0..DRAWS {
        let squares: f64 = (1..weights.len()).map(|_| normals.next().powi(2)).sum();
        let scale = correction * unbiased * (others / squares).sqrt();
        let of_folds: Vec<f64> = weights.iter().map(|weight| weight * normals.next()).collect();
        drawn.clear();
        drawn.extend(compared.iter().map(|&at| {
            let deviations = scores[at].iter().zip(&of_folds).map(|(score, of_fold)| (score - means[at]) * of_fold);
            means[at] + scale * deviations.sum::<f64>()
        }));
        let best = drawn.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let count = drawn.iter().filter(|&&score| score == best).count() as f64;
        let winners = compared.iter().zip(&drawn).filter(|&(_, &score)| score == best);
        winners.for_each(|(&at, _)| probabilities[at] += 1.0 / (count * DRAWS as f64));
    }
    probabilities
}

/// Standard normal numbers.
struct Normals(ChaCha8Rng);

impl Normals {
    fn next(&mut self) -> f64 {
        let share = ((self.0.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        normal_quantile(share.clamp(1e-9, 1.0 - 1e-9))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two-sided shares of Student's distribution with four degrees of freedom, by its closed form.
    fn t4_cdf(t: f64) -> f64 {
        let x = t / (4.0 + t * t).sqrt();
        0.5 + 0.75 * (x - x.powi(3) / 3.0)
    }

    #[test]
    fn two_candidates_are_compared_as_in_the_corrected_t_test() {
        let first = [0.90, 0.92, 0.88, 0.95, 0.91];
        let second = [0.89, 0.90, 0.885, 0.93, 0.905];
        let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
        let mean = differences.iter().sum::<f64>() / 5.0;
        let variance = differences.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / 4.0;
        let correction = 2.25_f64.sqrt();
        let t = mean / (variance / 5.0).sqrt() / correction;
        let scores = [first.to_vec(), second.to_vec()];
        let probabilities = probabilities_of_best(&scores, &[1.0; 5], correction);
        assert!((probabilities[0] - t4_cdf(t)).abs() < 0.02, "{probabilities:?}, {}", t4_cdf(t));
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        // Weights in any unit.
        assert_eq!(probabilities, probabilities_of_best(&scores, &[0.5; 5], correction));
    }

    #[test]
    fn folds_that_both_find_hard_tell_nothing_against_the_better_one() {
        // Two families, each with its own hard folds.
        let hard = [[0.0, 0.3, 0.0, 0.2, 0.1], [0.2, 0.0, 0.3, 0.0, 0.1]];
        let of = |family: usize, level: f64, wobble: f64| -> Vec<f64> {
            (0..5).map(|fold| level - hard[family][fold] + wobble * (fold as f64 - 2.0)).collect()
        };
        let scores = [of(0, 0.90, 0.001), of(0, 0.89, 0.0), of(1, 0.2, 0.001), of(1, 0.19, 0.0)];
        let paired = probabilities_of_best(&scores, &[1.0; 5], 1.0);
        assert!(paired[0] > 0.98, "{paired:?}");
        // What all share on a fold changes nothing.
        let shifted = scores.map(|scores| scores.iter().zip([3.0, -1.0, 0.0, 2.0, 0.5]).map(|(a, b)| a + b).collect());
        let shifted = probabilities_of_best(&shifted, &[1.0; 5], 1.0);
        assert!(shifted.iter().zip(&paired).all(|(a, b)| (a - b).abs() < 1e-9), "{shifted:?}");
    }

    #[test]
    fn equal_candidates_share_and_no_number_is_too_large() {
        assert_eq!(probabilities_of_best(&[vec![0.5; 3], vec![0.5; 3]], &[1.0; 3], 1.0), [0.5, 0.5]);
        assert_eq!(probabilities_of_best(&[vec![0.5; 3], vec![0.4; 3]], &[1.0; 3], 1.0), [1.0, 0.0]);
        assert_eq!(probabilities_of_best(&[vec![0.1, 0.2]], &[1.0; 2], 1.0), [1.0]);
        let many: Vec<Vec<f64>> = (0..1000).map(|at| vec![f64::from(at), f64::from(at) + 0.5]).collect();
        let probabilities = probabilities_of_best(&many, &[1.0; 2], 1.0);
        assert_eq!((probabilities.len(), probabilities[0]), (1000, 0.0));
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9 && probabilities[999] > 0.2);
    }
}
