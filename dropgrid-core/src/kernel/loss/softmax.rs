//! Softmax cross-entropy on class ids.

use super::super::{map::exp, simd::multiversion};

/// The mean cross-entropy of rows of `classes` logits, and its gradient in their place.
///
/// -log softmax(z)\[y\] = log sum exp(z - max z) - (z\[y\] - max z), the mean over the rows; the gradient is
/// (softmax(z) - onehot(y)) / rows. A logit that is not finite gives a loss that is not.
///
/// # Panics
/// Where a class is not one of `classes`, or there is not one for each row.
pub(crate) fn cross_entropy(logits: &mut [f32], classes: usize, truth: impl ExactSizeIterator<Item = usize>) -> f32 {
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
            loss += sum.ln();
            let factor = scale / sum;
            for value in &mut *row {
                *value *= factor;
            }
            row[own] -= scale;
        }
    }
    loss * scale
}

/// Cross-entropy with class weights, label smoothing and focus.
///
/// With p = softmax(z), the loss of a row of class y is the sum over the classes c of a\[c\] (1 - p\[c\])^gamma
/// (-ln p\[c\]), where a\[c\] = smoothing / classes * weight\[c\], and a\[y\] is (1 - smoothing) weight\[y\] more: as in
/// PyTorch's `CrossEntropyLoss`.
#[derive(Debug, Clone)]
pub(crate) struct Softmax {
    /// (1 - smoothing) weight, for each class.
    own: Vec<f64>,
    /// smoothing / classes * weight, for each class; empty without smoothing.
    every: Vec<f64>,
    gamma: f64,
}

impl Softmax {
    pub(crate) fn new(weights: &[f64], smoothing: f64, gamma: f64) -> Self {
        let own = weights.iter().map(|weight| (1.0 - smoothing) * weight).collect();
        let share = smoothing / weights.len() as f64;
        let every = if smoothing == 0.0 { Vec::new() } else { weights.iter().map(|weight| share * weight).collect() };
        Self { own, every, gamma }
    }

    /// The loss of one row.
    pub(crate) fn loss(&self, logits: &[f32], class: usize) -> f64 {
        let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shifted = |at: usize| f64::from(logits[at]) - f64::from(top);
        let log = (0..logits.len()).map(|at| shifted(at).exp()).sum::<f64>().ln();
        let of = |at: usize, counts: f64| {
            let log_p = shifted(at) - log;
            let focus = if self.gamma == 0.0 { 1.0 } else { (-log_p.exp_m1()).powf(self.gamma) };
            counts * focus * -log_p
        };
        let every = self.every.iter().enumerate().filter(|(_, counts)| **counts > 0.0);
        of(class, self.own[class]) + every.map(|(at, &counts)| of(at, counts)).sum::<f64>()
    }

    /// The sum of the rows' losses, each times its share, and its gradient.
    ///
    /// # Panics
    /// Where there is not a class and a share for each row.
    pub(crate) fn gradient(
        &self,
        logits: &[f32],
        truth: impl ExactSizeIterator<Item = usize>,
        shares: &[f32],
        gradient: &mut [f32],
    ) -> f32 {
        let classes = self.own.len();
        assert!(truth.len() == shares.len() && logits.len() == shares.len() * classes, "a class for each row");
        gradient.copy_from_slice(logits);
        shift(gradient, classes);
        exponentials(gradient);
        let rows = gradient.chunks_exact_mut(classes).zip(logits.chunks_exact(classes));
        let mut loss = 0.0;
        for ((gradient, logits), (own, &share)) in rows.zip(truth.zip(shares)) {
            let sum: f32 = gradient.iter().sum();
            // Of the logits themselves, since small exponentials are rounded to 0. As in `shift`, NaN is no maximum.
            let top = logits.iter().fold(f32::NEG_INFINITY, |top, &logit| if logit > top { logit } else { top });
            let log = sum.ln();
            let log_p = |at: usize| logits[at] - top - log;
            loss += share
                * if self.gamma == 0.0 {
                    self.row(own, sum, share, log_p, gradient)
                } else {
                    self.focal_row(own, sum, share, log_p, gradient)
                };
        }
        loss
    }

    /// A row's loss; its exponentials become the gradient.
    fn row(&self, own: usize, sum: f32, share: f32, log_p: impl Fn(usize) -> f32, row: &mut [f32]) -> f32 {
        let on = self.own[own] as f32;
        let mut loss = -on * log_p(own);
        let mut whole = on;
        for (at, &counts) in self.every.iter().enumerate() {
            loss -= counts as f32 * log_p(at);
            whole += counts as f32;
        }
        let factor = share * whole / sum;
        row.iter_mut().for_each(|value| *value *= factor);
        for (value, &counts) in row.iter_mut().zip(&self.every) {
            *value -= share * counts as f32;
        }
        row[own] -= share * on;
        loss
    }

    /// As [`row`](Self::row), with focus.
    ///
    /// With q = 1 - p, the slope of -q^gamma ln p by ln p is h = q^gamma (gamma p ln p / q - 1), and that of ln p\[c\] by
    /// z\[j\] is \[c = j\] - p\[j\].
    fn focal_row(&self, own: usize, sum: f32, share: f32, log_p: impl Fn(usize) -> f32, row: &mut [f32]) -> f32 {
        let gamma = self.gamma as f32;
        let counts = |at: usize| {
            let every = self.every.get(at).copied().unwrap_or(0.0);
            (if at == own { self.own[at] + every } else { every }) as f32
        };
        let focus = |log_p: f32| (-log_p.exp_m1()).powf(gamma);
        let slope = |p: f32, log_p: f32| {
            let q = -log_p.exp_m1();
            // The limit where the network is sure.
            let ratio = if q > 0.0 { log_p / q } else { -1.0 };
            focus(log_p) * (gamma * p * ratio - 1.0)
        };
        let searched = if self.every.is_empty() { own..own + 1 } else { 0..row.len() };
        let (mut loss, mut whole) = (0.0, 0.0);
        for at in searched.clone() {
            let log_p = log_p(at);
            loss -= counts(at) * focus(log_p) * log_p;
            whole += counts(at) * slope(row[at] / sum, log_p);
        }
        for at in 0..row.len() {
            let p = row[at] / sum;
            let direct = if searched.contains(&at) { counts(at) * slope(p, log_p(at)) } else { 0.0 };
            row[at] = share * (direct - p * whole);
        }
        loss
    }
}

multiversion! {
    /// Subtracts each row's maximum.
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
    fn exponentials(values: &mut [f32]) {
        for value in values {
            *value = exp(*value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::simd::forced::same_on_each, *};

    #[test]
    fn it_is_the_formula_in_double_precision() {
        let logits: Vec<f32> = (0..130 * 7).map(|at| ((at * 37 % 101) as f32 - 50.0) / 7.0).collect();
        let truth: Vec<usize> = (0..130).map(|row| row * 5 % 7).collect();
        let (loss, gradient) = same_on_each(|| {
            let mut gradient = logits.clone();
            (cross_entropy(&mut gradient, 7, truth.iter().copied()), gradient)
        });
        let mut expected = 0.0;
        for (row, &own) in truth.iter().enumerate() {
            let row: Vec<f64> = logits[row * 7..][..7].iter().map(|&z| f64::from(z)).collect();
            let sum: f64 = row.iter().map(|z| z.exp()).sum();
            expected += sum.ln() - row[own];
        }
        assert!((f64::from(loss) - expected / 130.0).abs() < 1e-5, "{loss} {}", expected / 130.0);
        for (at, (&found, row)) in gradient.iter().zip((0..130).flat_map(|row| [row; 7])).enumerate() {
            let row_logits = &logits[row * 7..][..7];
            let sum: f64 = row_logits.iter().map(|&z| f64::from(z).exp()).sum();
            let wanted = (f64::from(logits[at]).exp() / sum - f64::from(u8::from(truth[row] == at % 7))) / 130.0;
            assert!((f64::from(found) - wanted).abs() < 1e-8, "{found} {wanted}");
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
