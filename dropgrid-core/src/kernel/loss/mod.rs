//! Losses on slices: from outputs and truth to the loss of a batch and its gradient, in `f32` and without allocation;
//! and the loss of one row in `f64`, by which training is judged.
//!
//! A row counts in a batch by its *share*: the batch's loss is the sum of shares times the rows' losses. Shares add up
//! to 1 where each row counts the same.

mod distance;
mod logistic;
mod softmax;

pub(crate) use distance::{Distance, distance};
pub(crate) use logistic::{Logistic, logistic};
pub(crate) use softmax::{Softmax, cross_entropy};

/// Sums side by side, so that an addition does not wait for the one before it. Their number is fixed: the order of a sum
/// is part of its bits.
const LANES: usize = 16;

/// The sum of sums.
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

/// The sum of what `of` gives for the places below `len`.
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
    use super::{super::simd::forced::same_on_each, *};

    #[test]
    fn every_level_gives_the_same_bits() {
        let numbers =
            |seed: usize| -> Vec<f32> { (0..101).map(|at| ((at * 7919 + seed) % 1009) as f32 / 200.0).collect() };
        let (x, y, shares) = (numbers(1), numbers(2), numbers(3));
        let bits = |loss: f32, gradient: &[f32]| {
            (loss.to_bits(), gradient.iter().map(|number| number.to_bits()).collect::<Vec<_>>())
        };
        let all = [Distance::Square, Distance::Absolute, Distance::Huber(1.0), Distance::SmoothL1(2.0)];
        for (one, shares) in all.into_iter().flat_map(|one| [(one, &[][..]), (one, &shares[..])]) {
            same_on_each(|| {
                let mut gradient = vec![0.0; x.len()];
                bits(distance(one, &x, &y, shares, 0.01, &mut gradient), &gradient)
            });
        }
        for gamma in [0.0, 2.0] {
            same_on_each(|| {
                let mut gradient = vec![0.0; x.len()];
                bits(logistic(&x, &y, &shares, gamma, &mut gradient), &gradient)
            });
            for smoothing in [0.0, 0.1] {
                let weights = (1..=20).map(f64::from).collect();
                let softmax = Softmax::new(weights, smoothing, gamma.into());
                same_on_each(|| {
                    let mut gradient = vec![0.0; 100];
                    let loss = softmax.gradient(&x[..100], [3, 0, 19, 7, 11].into_iter(), &y[..5], &mut gradient);
                    bits(loss, &gradient)
                });
            }
            same_on_each(|| {
                let (mut on, mut off) = (y.clone(), vec![0.0; y.len()]);
                let pos = (0..101).map(f64::from).collect();
                Logistic { pos, smoothing: 0.1, gamma: gamma.into() }.sides(0.3, &mut on, &mut off);
                (bits(0.0, &on), bits(0.0, &off))
            });
        }
    }
}
