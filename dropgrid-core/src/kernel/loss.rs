//! Softmax cross-entropy on class ids.

use super::{map::exp, simd::multiversion};

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
    use super::*;

    #[test]
    fn it_is_the_formula_in_double_precision() {
        let logits: Vec<f32> = (0..130 * 7).map(|at| ((at * 37 % 101) as f32 - 50.0) / 7.0).collect();
        let truth: Vec<usize> = (0..130).map(|row| row * 5 % 7).collect();
        let mut gradient = logits.clone();
        let loss = cross_entropy(&mut gradient, 7, truth.iter().copied());
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
