//! Combinations: choices of some of several numbers.

/// Every choice of `size` of the numbers below `of`, in lexicographic order; `size` is at least 1 and at most `of`.
pub(crate) fn combinations(of: usize, size: usize) -> impl Iterator<Item = Vec<usize>> {
    let first: Vec<usize> = (0..size).collect();
    std::iter::successors(Some(first), move |last| {
        // The last position that is not at its end moves on, and those behind it follow directly.
        let at = (0..size).rev().find(|&at| last[at] < of - size + at)?;
        let mut next = last.clone();
        for (step, position) in next[at..].iter_mut().enumerate() {
            *position = last[at] + 1 + step;
        }
        Some(next)
    })
}

/// The number of choices of `size` of `of`, or `u128::MAX` where there are more.
pub(crate) fn binomial(of: usize, size: usize) -> u128 {
    let size = size.min(of - size) as u128;
    let mut count = 1_u128;
    for step in 1..=size {
        // Before the division, `count` is the product of `step` consecutive numbers over `(step - 1)!`: it divides.
        match count.checked_mul(of as u128 - size + step) {
            Some(product) => count = product / step,
            None => return u128::MAX,
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexicographic() {
        let all: Vec<_> = combinations(4, 2).collect();
        assert_eq!(all, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        assert_eq!(combinations(3, 3).collect::<Vec<_>>(), [[0, 1, 2]]);
    }

    #[test]
    fn as_many_as_counted() {
        for of in 1..10 {
            for size in 1..=of {
                assert_eq!(combinations(of, size).count() as u128, binomial(of, size), "{of} {size}");
            }
        }
        assert_eq!(binomial(1_000_000, 500_000), u128::MAX);
    }
}
