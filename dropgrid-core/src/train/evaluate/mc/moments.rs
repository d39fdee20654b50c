//! Mean, standard deviation and entropy over passes.

use crate::train::loss::{Link, TrainTarget};

/// Moments over passes, row-major.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Moments {
    pub(crate) mean: Vec<f64>,
    /// The standard deviation (the sum of squares is divided by the number of passes).
    pub(crate) std: Vec<f64>,
    /// The entropy of the mean in nats: one number per row for classes, one per output for flags. Empty for regression.
    pub(crate) entropy: Vec<f64>,
    /// The mean entropy of the passes, in the same layout.
    pub(crate) expected_entropy: Vec<f64>,
}

/// Running moments of one batch of rows, by the recurrences of Welford
/// ([1962](https://doi.org/10.1080/00401706.1962.10490022)), in which equal passes have a deviation of exactly 0.
#[derive(Default)]
pub(super) struct Accumulator {
    passes: f64,
    mean: Vec<f64>,
    /// The sum of the squared distances from the mean.
    squares: Vec<f64>,
    expected_entropy: Vec<f64>,
}

impl Accumulator {
    /// Adds the predictions of one pass, with `width` numbers per row.
    pub(super) fn add<T: TrainTarget>(&mut self, predictions: &[f64], width: usize) {
        self.passes += 1.0;
        let entropies = entropies::<T>(predictions, width);
        for to in [&mut self.mean, &mut self.squares] {
            to.resize(predictions.len(), 0.0);
        }
        self.expected_entropy.resize(entropies.len(), 0.0);
        for ((mean, squares), value) in self.mean.iter_mut().zip(&mut self.squares).zip(predictions) {
            let before = value - *mean;
            *mean += before / self.passes;
            *squares += before * (value - *mean);
        }
        for (mean, value) in self.expected_entropy.iter_mut().zip(entropies) {
            *mean += (value - *mean) / self.passes;
        }
    }

    /// Appends the moments of the batch to `to`.
    pub(super) fn finish<T: TrainTarget>(self, width: usize, to: &mut Moments) {
        to.entropy.extend(entropies::<T>(&self.mean, width));
        to.expected_entropy.extend(self.expected_entropy);
        to.std.extend(self.squares.iter().map(|squares| (squares / self.passes).sqrt()));
        to.mean.extend(self.mean);
    }
}

/// Returns the entropies, in nats, of predictions with `width` probabilities per row. Empty if they are not
/// probabilities.
fn entropies<T: TrainTarget>(predictions: &[f64], width: usize) -> Vec<f64> {
    // The limit for an impossible event.
    let part = |probability: f64| if probability > 0.0 { -probability * libm::log(probability) } else { 0.0 };
    match T::LINK {
        Some(Link::Softmax) => predictions.chunks_exact(width).map(|row| row.iter().copied().map(part).sum()).collect(),
        Some(Link::Logistic) => predictions.iter().map(|&p| part(p) + part(1.0 - p)).collect(),
        Some(Link::Identity) | None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Binary, Classes, Regression};

    /// Computes the moments of passes over rows of `width` numbers.
    fn moments<T: TrainTarget>(passes: &[&[f64]], width: usize) -> Moments {
        let (mut accumulator, mut moments) = (Accumulator::default(), Moments::default());
        for pass in passes {
            accumulator.add::<T>(pass, width);
        }
        accumulator.finish::<T>(width, &mut moments);
        moments
    }

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        // The tolerance covers a few roundings of numbers near 1.
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}, expected {expected:?}");
    }

    #[test]
    fn sure_passes_that_contradict_each_other_have_model_uncertainty_alone() {
        let moments = moments::<Classes<2>>(&[&[1.0, 0.0], &[0.0, 1.0]], 2);
        close(&moments.mean, &[0.5, 0.5]);
        close(&moments.std, &[0.5, 0.5]);
        close(&moments.entropy, &[2.0_f64.ln()]);
        close(&moments.expected_entropy, &[0.0]);
    }

    #[test]
    fn passes_that_agree_have_data_uncertainty_alone() {
        let row: &[f64] = &[0.1, 0.2, 0.7];
        let moments = moments::<Classes<3>>(&[row, row, row], 3);
        assert_eq!(moments.mean, row);
        assert_eq!(moments.std, [0.0; 3]);
        assert_eq!(moments.entropy, moments.expected_entropy);
    }

    #[test]
    fn flags_have_an_entropy_each_and_numbers_none() {
        let pair = moments::<Binary>(&[&[0.5, 0.9], &[0.5, 0.7]], 1);
        let half = -(0.8_f64.ln() * 0.8 + 0.2_f64.ln() * 0.2);
        close(&pair.mean, &[0.5, 0.8]);
        close(&pair.std, &[0.0, 0.1]);
        close(&pair.entropy, &[2.0_f64.ln(), half]);
        let numbers = moments::<Regression<1>>(&[&[1.0], &[2.0], &[6.0]], 1);
        close(&numbers.mean, &[3.0]);
        close(&numbers.std, &[(14.0_f64 / 3.0).sqrt()]);
        assert!(numbers.entropy.is_empty() && numbers.expected_entropy.is_empty());
    }
}
