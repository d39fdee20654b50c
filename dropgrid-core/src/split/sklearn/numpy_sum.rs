//! Sums in NumPy's order of additions. Their rounding decides which of two folds scikit-learn takes.

/// `numpy.sum` of a contiguous axis: pairwise summation over blocks of at most 128 numbers, each in eight lanes
/// ([Higham 1993](https://doi.org/10.1137/0914050)).
pub(crate) fn pairwise(values: &[f64]) -> f64 {
    if values.len() < 8 {
        return in_order(values);
    }
    if values.len() <= 128 {
        let (blocks, tail) = values.as_chunks::<8>();
        let mut lane = blocks[0];
        for block in &blocks[1..] {
            for (sum, value) in lane.iter_mut().zip(block) {
                *sum += value;
            }
        }
        let sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
        return tail.iter().fold(sum, |sum, value| sum + value);
    }
    let half = values.len() / 2;
    let (left, right) = values.split_at(half - half % 8);
    pairwise(left) + pairwise(right)
}

/// `numpy.sum` of an axis that is not contiguous: one number after another.
pub(crate) fn in_order(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, value| sum + value)
}

/// `numpy.std` by a summation.
pub(crate) fn std(values: &[f64], sum: fn(&[f64]) -> f64, squares: &mut Vec<f64>) -> f64 {
    let count = values.len() as f64;
    let mean = sum(values) / count;
    squares.clear();
    squares.extend(values.iter().map(|value| (value - mean) * (value - mean)));
    (sum(squares) / count).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    // 1 and many numbers too small to change it: which of them meet before they meet 1 decides the last bits.
    #[test]
    fn the_order_of_additions_shows() {
        let mut values = vec![f64::EPSILON / 2.0; 300];
        values[0] = 1.0;
        assert_eq!(in_order(&values).to_bits(), 1.0_f64.to_bits());
        // numpy.sum of the same numbers.
        assert_eq!(pairwise(&values).to_bits(), (1.0 + 145.0 * f64::EPSILON).to_bits());
    }
}
