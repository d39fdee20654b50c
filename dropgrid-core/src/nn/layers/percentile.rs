//! Percentiles of columns.

/// Returns the percentile `percent` of numbers in ascending order, interpolated linearly between the two nearest. Same
/// as NumPy's `percentile` with the default method `linear`.
pub(super) fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * (percent / 100.0);
    #[allow(clippy::cast_sign_loss, reason = "a percentile is at least 0")]
    let at = (place as usize).min(sorted.len() - 1);
    let (low, high, share) = (sorted[at], sorted[(at + 1).min(sorted.len() - 1)], place - place.floor());
    // NumPy interpolates from the nearer end, so that both ends are exact.
    if share >= 0.5 { high - (high - low) * (1.0 - share) } else { low + (high - low) * share }
}

/// Returns the median of numbers in ascending order.
pub(super) fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// Sorts the numbers in ascending order.
pub(super) fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_between_the_nearest_numbers() {
        let numbers = [1.0, 2.0, 4.0, 8.0];
        for (percent, wanted) in [(0.0, 1.0), (25.0, 1.75), (50.0, 3.0), (75.0, 5.0), (90.0, 6.8), (100.0, 8.0)] {
            assert!((percentile(&numbers, percent) - wanted).abs() < 1e-12, "{percent}");
        }
        assert_eq!(percentile(&[3.0], 70.0), 3.0);
        assert_eq!((median(&numbers), median(&numbers[..3])), (3.0, 2.0));
    }
}
