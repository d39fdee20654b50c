//! Softmax cross-entropy on class ids.

use super::{
    super::{
        scalar::exp,
        simd::multiversion,
        underflow::{flush, flush_all},
    },
    sum,
};

/// Returns the mean cross-entropy of rows of `classes` logits, and replaces the logits by its gradient.
///
/// -log softmax(z)\[y\] = log sum exp(z - max z) - (z\[y\] - max z), the mean over the rows; the gradient is
/// (softmax(z) - onehot(y)) / rows. A logit that is not finite gives a loss that is not finite.
///
/// # Panics
/// Where a class is not below `classes`, or where there is not one class for each row.
pub fn cross_entropy(logits: &mut [f32], classes: usize, truth: impl ExactSizeIterator<Item = usize>) -> f32 {
    let rows = truth.len();
    assert!(rows > 0 && logits.len() == rows * classes, "a class for each row");
    let mut loss = 0.0;
    shift(logits, classes);
    // The part of the loss that is linear in the logits, while they are still there.
    let mut own = [0_usize; 64];
    let scale = 1.0 / rows as f32;
    let mut truth = truth;
    for block in logits.chunks_mut(64 * classes) {
        let count = block.len() / classes;
        for (row, own) in block.chunks_exact(classes).zip(&mut own) {
            *own = truth.next().expect("a class for each row");
            loss -= row[*own];
        }
        exponentials(block);
        for (row, &own) in block.chunks_exact_mut(classes).zip(&own[..count]) {
            let sum: f32 = row.iter().sum();
            loss += libm::logf(sum);
            let factor = scale / sum;
            for value in &mut *row {
                *value = flush(*value * factor);
            }
            row[own] = flush(row[own] - scale);
        }
    }
    loss * scale
}

/// Cross-entropy with class weights, label smoothing and focus.
///
/// With p = softmax(z), the loss of a row of class y is the sum over the classes c of a\[c\] (1 - p\[c\])^gamma (-ln
/// p\[c\]), where a\[c\] = smoothing / classes * weight\[c\], and a\[y\] is (1 - smoothing) weight\[y\] more: as in
/// PyTorch's `CrossEntropyLoss`.
#[derive(Debug, Clone)]
pub struct Softmax {
    /// The weight of each class.
    weights: Vec<f64>,
    smoothing: f64,
    gamma: f64,
    /// smoothing / classes * weight, for each class.
    every: Vec<f32>,
}

impl Softmax {
    pub fn new(weights: Vec<f64>, smoothing: f64, gamma: f64) -> Self {
        let share = smoothing / weights.len() as f64;
        let every = weights.iter().map(|weight| (share * weight) as f32).collect();
        Self { weights, smoothing, gamma, every }
    }

    /// The loss of one row.
    pub fn loss(&self, logits: &[f32], class: usize) -> f64 {
        let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shifted = |at: usize| f64::from(logits[at]) - f64::from(top);
        let log = libm::log((0..logits.len()).map(|at| libm::exp(shifted(at))).sum());
        let of = |at: usize, counts: f64| {
            let log_p = shifted(at) - log;
            let focus = if self.gamma == 0.0 { 1.0 } else { libm::pow(-libm::expm1(log_p), self.gamma) };
            counts * self.weights[at] * focus * -log_p
        };
        let own = of(class, 1.0 - self.smoothing);
        if self.smoothing == 0.0 {
            return own;
        }
        let share = self.smoothing / logits.len() as f64;
        let counted = (0..logits.len()).filter(|&at| self.weights[at] > 0.0);
        own + counted.map(|at| of(at, share)).sum::<f64>()
    }

    /// Returns the sum of the losses of the rows, each times its share, and writes the gradient.
    ///
    /// # Panics
    /// Where there is not one class and one share for each row.
    pub fn gradient(
        &self,
        logits: &[f32],
        truth: impl ExactSizeIterator<Item = usize> + Clone,
        shares: &[f32],
        gradient: &mut [f32],
    ) -> f32 {
        let classes = self.weights.len();
        assert!(truth.len() == shares.len() && logits.len() == shares.len() * classes, "a class for each row");
        let every: &[f32] = if self.smoothing == 0.0 { &[] } else { &self.every };
        let of_own = |class: usize| ((1.0 - self.smoothing) * self.weights[class]) as f32;
        let rows = truth.zip(shares.iter().copied()).map(|(own, share)| (own, of_own(own), share));
        if self.gamma > 0.0 {
            let pairs = gradient.chunks_exact_mut(classes).zip(logits.chunks_exact(classes));
            let losses = pairs.zip(rows).map(|((gradient, logits), (own, on, share))| {
                share * focal_row(logits, own, on, every, self.gamma as f32, share, gradient)
            });
            return losses.sum();
        }
        gradient.copy_from_slice(logits);
        shift(gradient, classes);
        // The part of the loss that is linear in the logits, while they are still there.
        let linear = gradient.chunks_exact(classes).zip(rows.clone());
        let linear = linear.map(|(row, (own, on, share))| share * (on * row[own] + product(row, every)));
        let linear: f32 = linear.sum();
        exponentials(gradient);
        let whole: f32 = every.iter().sum();
        let logs = gradient.chunks_exact_mut(classes).zip(rows).map(|(row, (own, on, share))| {
            let sum = normalized(row, share * (on + whole), share, every);
            row[own] -= share * on;
            flush_all(row);
            share * (on + whole) * libm::logf(sum)
        });
        logs.sum::<f32>() - linear
    }
}

multiversion! {
    /// The dot product of `every` and as many numbers of `row`.
    fn product(row: &[f32], every: &[f32]) -> f32 {
        let (row, every) = (&row[..every.len()], every);
        sum(every.len(), |at| row[at] * every[at])
    }
}

multiversion! {
    /// Scales exponentials so that their sum is `whole`, then subtracts `share` times `every`. Returns their former
    /// sum.
    fn normalized(row: &mut [f32], whole: f32, share: f32, every: &[f32]) -> f32 {
        let sum = sum(row.len(), |at| row[at]);
        let factor = whole / sum;
        for value in &mut *row {
            *value *= factor;
        }
        for (value, counts) in row.iter_mut().zip(every) {
            *value -= share * counts;
        }
        sum
    }
}

/// Writes the exponentials of the logits less their maximum. Returns the maximum and the sum of the exponentials.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn shifted_exponentials(logits: &[f32], to: &mut [f32]) -> (f32, f32) {
    let mut top = f32::NEG_INFINITY;
    for &logit in logits {
        top = if logit > top { logit } else { top };
    }
    for (to, logit) in to.iter_mut().zip(logits) {
        *to = exp(logit - top);
    }
    (top, sum(to.len(), |at| to[at]))
}

multiversion! {
    /// Returns the focal loss of a row, and writes its gradient times `share`. Each class has the coefficient in
    /// `every`, or 0 where that is empty, and class `own` has `on` more.
    ///
    /// With q = 1 - p, the derivative of -q^gamma ln p by ln p is q^gamma (gamma p ln p / q - 1), and that of ln p\[c\]
    /// by z\[j\] is \[c = j\] - p\[j\].
    fn focal_row(
        logits: &[f32], own: usize, on: f32, every: &[f32], gamma: f32, share: f32, gradient: &mut [f32],
    ) -> f32 {
        let (top, whole) = shifted_exponentials(logits, gradient);
        let log = libm::logf(whole);
        let counts = |at: usize| every.get(at).copied().unwrap_or(0.0) + if at == own { on } else { 0.0 };
        // The loss of a class and its derivative by ln p.
        let of = |at: usize, p: f32| {
            let log_p = logits[at] - top - log;
            let q = -libm::expm1f(log_p);
            let focus = flush(counts(at) * libm::powf(q, gamma));
            // The limit as p approaches 1.
            let ratio = if q > 0.0 { log_p / q } else { -1.0 };
            (-focus * log_p, focus * (gamma * p * ratio - 1.0))
        };
        let counted = if every.is_empty() { own..own + 1 } else { 0..logits.len() };
        let (mut loss, mut slopes) = (0.0, 0.0);
        for at in counted.clone() {
            let (of_class, slope) = of(at, gradient[at] / whole);
            loss += of_class;
            slopes += slope;
        }
        for (at, value) in gradient.iter_mut().enumerate() {
            let p = *value / whole;
            let slope = if counted.contains(&at) { of(at, p).1 } else { 0.0 };
            *value = flush(share * (slope - p * slopes));
        }
        loss
    }
}

multiversion! {
    /// Subtracts the maximum of each row.
    fn shift(values: &mut [f32], width: usize) {
        for row in values.chunks_exact_mut(width) {
            let mut top = f32::NEG_INFINITY;
            for &value in &*row {
                top = if value > top { value } else { top };
            }
            for value in row {
                *value -= top;
            }
        }
    }
}

multiversion! {
    /// Replaces each number by its exponential.
    fn exponentials(values: &mut [f32]) {
        for value in values {
            *value = exp(*value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::simd::forced::{lengths, same_on_each},
        *,
    };

    fn check(rows: usize, classes: usize) {
        let logits: Vec<f32> = (0..rows * classes).map(|at| ((at * 37 % 101) as f32 - 50.0) / 7.0).collect();
        let truth: Vec<usize> = (0..rows).map(|row| row * 5 % classes).collect();
        let (loss, gradient) = same_on_each(|| {
            let mut gradient = logits.clone();
            (cross_entropy(&mut gradient, classes, truth.iter().copied()), gradient)
        });
        let mut expected = 0.0;
        for (row, &own) in truth.iter().enumerate() {
            let z: Vec<f64> = logits[row * classes..][..classes].iter().map(|&z| f64::from(z)).collect();
            let sum: f64 = z.iter().map(|z| z.exp()).sum();
            expected += sum.ln() - z[own];
            for (at, (z, &found)) in z.iter().zip(&gradient[row * classes..]).enumerate() {
                let wanted = (z.exp() / sum - f64::from(u8::from(own == at))) / rows as f64;
                // A probability in single precision: units of its last place.
                assert!((f64::from(found) - wanted).abs() < 1e-6 / rows as f64, "{rows} {classes}: {found} {wanted}");
            }
        }
        let expected = expected / rows as f64;
        assert!((f64::from(loss) - expected).abs() < 1e-5, "{rows} {classes}: {loss} {expected}");
    }

    #[test]
    fn it_is_the_formula_in_double_precision() {
        lengths().for_each(|classes| check(3, classes));
        // Blocks of 64 rows, with and without a remainder.
        let rows: &[usize] = if cfg!(miri) { &[65] } else { &[1, 63, 64, 65, 128, 130] };
        for &rows in rows {
            check(rows, 7);
        }
    }

    #[test]
    fn large_logits_do_not_overflow_and_odd_ones_show() {
        let loss = |logits: [f32; 2]| cross_entropy(&mut logits.clone(), 2, [0].into_iter());
        assert_eq!(loss([1e4, -1e4]), 0.0);
        assert_eq!(loss([-1e4, 1e4]), 2e4);
        for odd in [f32::NAN, f32::INFINITY] {
            assert!(!loss([odd, 0.0]).is_finite());
            assert!(!loss([0.0, odd]).is_finite());
        }
    }
}
