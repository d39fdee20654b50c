//! Losses on slices: the loss of a batch and its gradient, in `f32` and without allocation, and the loss of one row in
//! `f64`, for evaluation.
//!
//! The loss of a batch is the sum of the losses of its rows, each times the *share* of the row. Where rows have no
//! weights, each share is 1 / rows.

mod distance;
mod logistic;
mod softmax;

pub use distance::{Distance, distance};
pub use logistic::{Logistic, logistic};
pub use softmax::{Softmax, cross_entropy};

/// The number of partial sums, so that an addition does not wait for the one before it. It is fixed, since the order of
/// a sum determines its bits.
const LANES: usize = 16;

/// The sum of the partial sums.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn total(mut sums: [f32; LANES]) -> f32 {
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            sums[lane] += sums[lane + half];
        }
    }
    sums[0]
}

/// The sum of `of(at)` for `at` in `0..len`.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn sum(len: usize, of: impl Fn(usize) -> f32) -> f32 {
    if len < LANES {
        return (0..len).map(of).sum();
    }
    let mut sums = [0.0; LANES];
    let whole = len / LANES * LANES;
    for start in (0..whole).step_by(LANES) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += of(start + lane);
        }
    }
    (whole..len).for_each(|at| sums[at - whole] += of(at));
    total(sums)
}

#[cfg(test)]
mod tests {
    use super::{
        super::simd::forced::{lengths, same_on_each},
        *,
    };

    fn numbers(seed: usize, len: usize) -> Vec<f32> {
        (0..len).map(|at| ((at * 7919 + seed) % 1009) as f32 / 200.0).collect()
    }

    fn bits(loss: f32, gradient: &[f32]) -> (u32, Vec<u32>) {
        (loss.to_bits(), gradient.iter().map(|number| number.to_bits()).collect())
    }

    /// Asserts that a loss and its gradient have the same bits on each level, and agree with those of single numbers.
    #[track_caller]
    fn check(len: usize, both: impl Fn(std::ops::Range<usize>, &mut [f32]) -> f32) {
        let run = |places: std::ops::Range<usize>| {
            let mut gradient = vec![f32::NAN; places.len()];
            let loss = both(places, &mut gradient);
            bits(loss, &gradient)
        };
        let (loss, gradient) = same_on_each(|| run(0..len));
        let each: Vec<_> = (0..len).map(|at| run(at..at + 1)).collect();
        assert_eq!(gradient, each.iter().map(|(_, gradient)| gradient[0]).collect::<Vec<_>>(), "{len}");
        let sum: f64 = each.iter().map(|(loss, _)| f64::from(f32::from_bits(*loss))).sum();
        // A sum of that many numbers in single precision.
        let loss = f64::from(f32::from_bits(loss));
        assert!((loss - sum).abs() <= 1e-6 * sum.abs(), "{len}: {loss}, not {sum}");
    }

    #[test]
    fn outputs_of_any_number_have_the_losses_of_each() {
        for len in lengths().chain([101]) {
            let (x, y, shares) = (numbers(1, len), numbers(2, len), numbers(3, len));
            for one in [Distance::Square, Distance::Absolute, Distance::Huber(1.0), Distance::SmoothL1(2.0)] {
                check(len, |at, to| distance(one, &x[at.clone()], &y[at], &[], 0.01, to));
                check(len, |at, to| distance(one, &x[at.clone()], &y[at.clone()], &shares[at], 0.01, to));
            }
            for gamma in [0.0, 2.0] {
                check(len, |at, to| logistic(&x[at.clone()], &y[at.clone()], &shares[at], gamma, to));
                let pos: Vec<f64> = (1..=len).map(|at| at as f64).collect();
                same_on_each(|| {
                    let (mut on, mut off) = (y.clone(), vec![0.0; len]);
                    let logistic = Logistic { pos: pos.clone(), smoothing: 0.1, gamma: gamma.into() };
                    logistic.sides(0.3, &mut on, &mut off);
                    (bits(0.0, &on), bits(0.0, &off))
                });
            }
        }
    }

    #[test]
    fn every_level_takes_the_entropy_of_any_number_of_classes_alike() {
        for classes in lengths().chain([100]) {
            let (logits, shares) = (numbers(1, 5 * classes), numbers(2, 5));
            let truth = [0, classes / 2, classes - 1, classes / 3, 0];
            for (gamma, smoothing) in [(0.0, 0.0), (0.0, 0.1), (2.0, 0.0), (2.0, 0.1)] {
                let softmax = Softmax::new((1..=classes).map(|at| at as f64).collect(), smoothing, gamma);
                let (loss, gradient) = same_on_each(|| {
                    let mut gradient = vec![f32::NAN; logits.len()];
                    let loss = softmax.gradient(&logits, truth.into_iter(), &shares, &mut gradient);
                    bits(loss, &gradient)
                });
                let rows = logits.chunks_exact(classes).zip(truth).zip(&shares);
                let wanted: f64 = rows.map(|((row, own), share)| f64::from(*share) * softmax.loss(row, own)).sum();
                let loss = f64::from(f32::from_bits(loss));
                assert!((loss - wanted).abs() <= 1e-5 * wanted.abs() + 1e-5, "{classes}: {loss}, not {wanted}");
                // Moving all logits of a row moves no probability.
                for row in gradient.chunks_exact(classes) {
                    let sum: f64 = row.iter().map(|&slope| f64::from(f32::from_bits(slope))).sum();
                    assert!(sum.abs() <= 1e-5 * (classes * classes) as f64, "{classes}: {sum}");
                }
            }
        }
    }
}
