//! Sums and means without the loss of digits of many small terms.

/// A running sum with the rounding errors of its additions beside it.
///
/// [Neumaier's](https://doi.org/10.1002/zamm.19740540106) variant of Kahan's sum: the error of the result does not grow
/// with the number of terms, where numpy's pairwise sums grow with its logarithm.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    pub(super) fn add(&mut self, term: f64) {
        let sum = self.high + term;
        self.low += if self.high.abs() >= term.abs() { (self.high - sum) + term } else { (term - sum) + self.high };
        self.high = sum;
    }

    /// Adds what another sum has added up.
    pub(super) fn join(&mut self, other: Self) {
        self.add(other.high);
        self.low += other.low;
    }

    pub(super) fn value(self) -> f64 {
        // The error term of an overflow is no number; the overflow itself is the answer.
        if self.high.is_finite() { self.high + self.low } else { self.high }
    }
}

/// An addition waits for the one before it, so several sums side by side are faster than one.
const LANES: usize = 8;

pub(super) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut terms = terms.into_iter();
    let (mut high, mut low) = ([0.0; LANES], [0.0; LANES]);
    loop {
        let (mut block, mut filled) = ([0.0; LANES], 0);
        while filled < LANES
            && let Some(term) = terms.next()
        {
            block[filled] = term;
            filled += 1;
        }
        for lane in 0..LANES {
            // Knuth's error of an addition: the same number as in `Sum::add`, without asking which term is larger.
            let sum = high[lane] + block[lane];
            let moved = sum - high[lane];
            low[lane] += (high[lane] - (sum - moved)) + (block[lane] - moved);
            high[lane] = sum;
        }
        if filled < LANES {
            break;
        }
    }
    let mut sum = Sum::default();
    for part in high {
        sum.add(part);
    }
    sum.low += low.into_iter().sum::<f64>();
    sum.value()
}

/// For each of the values, the sum of all others: nothing is subtracted, so a small rest beside a large value keeps its
/// digits.
pub(super) fn sums_without_each(values: &[f64]) -> Vec<f64> {
    let (mut sums, mut before, mut after) = (Vec::with_capacity(values.len()), Sum::default(), Sum::default());
    for &value in values {
        sums.push(before);
        before.add(value);
    }
    for (sum, &value) in sums.iter_mut().zip(values).rev() {
        sum.join(after);
        after.add(value);
    }
    sums.into_iter().map(Sum::value).collect()
}

/// `a - b` without error: the rounded difference, and what rounding took.
pub(super) fn difference(a: f64, b: f64) -> (f64, f64) {
    let high = a - b;
    let moved = high - a;
    (high, (a - (high - moved)) - (b + moved))
}

/// The mean of `values`, weighted where there are weights. The caller has checked that the weights are not all 0.
pub(super) fn mean(values: impl ExactSizeIterator<Item = f64>, weights: Option<&[f64]>) -> f64 {
    match weights {
        None => {
            let rows = values.len() as f64;
            sum(values) / rows
        }
        Some(weights) => sum(values.zip(weights).map(|(value, weight)| value * weight)) / sum(weights.iter().copied()),
    }
}

/// The weighted share of rows for which `hits` is true.
pub(super) fn share(hits: impl ExactSizeIterator<Item = bool>, weights: Option<&[f64]>) -> f64 {
    match weights {
        None => {
            let rows = hits.len() as f64;
            hits.filter(|&hit| hit).count() as f64 / rows
        }
        Some(weights) => {
            let right = sum(hits.zip(weights).map(|(hit, &weight)| if hit { weight } else { 0.0 }));
            right / sum(weights.iter().copied())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_terms_are_not_lost() {
        assert_eq!(sum([1e16, 1.0, 1.0, -1e16]), 2.0);
        assert_eq!(sum([f64::MAX, f64::MAX]), f64::INFINITY);
        assert_eq!(sum(std::iter::repeat_n(0.1, 10)), 1.0);
        assert_eq!(sum([]), 0.0);
        // A million terms of which every partial sum is rounded.
        let terms = (1..=1_000_000).map(|at| 1.0 / f64::from(at));
        assert_eq!(sum(terms.clone()), sum(terms.rev()));
    }

    #[test]
    fn the_others_keep_their_digits() {
        assert_eq!(sums_without_each(&[1e16, 1.0, 0.25, 1.0]), [2.25, 1e16 + 2.0, 1e16 + 2.0, 1e16 + 2.0]);
        assert_eq!(sums_without_each(&[3.0]), [0.0]);
        assert_eq!(sums_without_each(&[]), [0.0; 0]);
    }

    #[test]
    fn a_difference_has_all_digits() {
        assert_eq!(difference(1e16, 0.3), (1e16, -0.3));
        assert_eq!(difference(0.3, 1e16), (-1e16, 0.3));
        assert_eq!(difference(3.0, 1.0), (2.0, 0.0));
    }

    #[test]
    fn a_weight_counts_rows() {
        assert_eq!(mean([1.0, 4.0].into_iter(), Some(&[2.0, 1.0])), mean([1.0, 1.0, 4.0].into_iter(), None));
        assert_eq!(share([true, false].into_iter(), Some(&[3.0, 1.0])), 0.75);
    }
}
