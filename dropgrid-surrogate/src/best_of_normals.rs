//! The probability of being the best of several.

use super::normal::{cdf, pdf};

/// Steps of the integral over scores.
const STEPS: u32 = 400;

/// Standard deviations on either side of the scores that are integrated over.
const REACH: f64 = 6.0;

/// A score that is normally distributed.
#[derive(Debug, Clone, Copy)]
pub struct NormalScore {
    pub mean: f64,
    pub deviation: f64,
}

/// The probability of each score to be the highest, where they are independent: the integral of its density times the
/// distribution functions of all others. Where no score deviates, those with the highest mean share it.
pub fn probabilities_of_best(scores: &[NormalScore]) -> Vec<f64> {
    let best = scores.iter().map(|score| score.mean).fold(f64::NEG_INFINITY, f64::max);
    let most = scores.iter().map(|score| score.deviation).fold(0.0, f64::max);
    if most.is_nan() || most <= 0.0 {
        let count = scores.iter().filter(|score| score.mean == best).count() as f64;
        return scores.iter().map(|score| if score.mean == best { 1.0 / count } else { 0.0 }).collect();
    }
    let (from, to) = (best - REACH * most, best + REACH * most);
    // Those that lie below all of that are not the best.
    let near: Vec<usize> = (0..scores.len()).filter(|&at| scores[at].mean + REACH * most > from).collect();
    // None is so narrow that the steps pass over it.
    let least = most * 4.0 * REACH / f64::from(STEPS);
    let normals: Vec<(f64, f64)> = near.iter().map(|&at| (scores[at].mean, scores[at].deviation.max(least))).collect();
    let mut densities = vec![0.0; near.len()];
    for step in 0..STEPS {
        let at = from + (f64::from(step) + 0.5) / f64::from(STEPS) * (to - from);
        let below: Vec<f64> = normals.iter().map(|(mean, deviation)| cdf((at - mean) / deviation)).collect();
        // The product without one, whether or not that one is 0: by the products before and after it.
        let mut after = vec![1.0; below.len() + 1];
        for (place, below) in below.iter().enumerate().rev() {
            after[place] = after[place + 1] * below;
        }
        let mut before = 1.0;
        for (place, (mean, deviation)) in normals.iter().enumerate() {
            densities[place] += before * after[place + 1] * pdf((at - mean) / deviation) / deviation;
            before *= below[place];
        }
    }
    let total: f64 = densities.iter().sum();
    let mut probabilities = vec![0.0; scores.len()];
    near.iter().zip(&densities).for_each(|(&at, density)| probabilities[at] = density / total);
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_of_two_is_the_best_as_often_as_their_difference_says() {
        let score = |mean, deviation| NormalScore { mean, deviation };
        for (a, b) in [(score(1.0, 0.5), score(0.4, 0.7)), (score(0.0, 1.0), score(0.0, 0.1))] {
            // The difference is normal.
            let wanted = cdf((a.mean - b.mean) / a.deviation.hypot(b.deviation));
            let is = probabilities_of_best(&[a, b]);
            assert!((is[0] - wanted).abs() < 1e-4 && (is[0] + is[1] - 1.0).abs() < 1e-12, "{is:?} and {wanted}");
        }
        let equal = probabilities_of_best(&[score(2.0, 0.3); 5]);
        assert!(equal.iter().all(|it| (it - 0.2).abs() < 1e-12), "{equal:?}");
        assert_eq!(probabilities_of_best(&[score(2.0, 0.0), score(1.0, 0.0), score(2.0, 0.0)]), [0.5, 0.0, 0.5]);
        assert!(probabilities_of_best(&[]).is_empty());
    }
}
