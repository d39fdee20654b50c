//! Labels as small consecutive numbers.

use std::collections::HashMap;

/// Each row's label as its rank among the distinct labels, which is how scikit-learn encodes classes and groups.
#[derive(Debug, Clone)]
pub(crate) struct Codes {
    /// The distinct labels, ascending.
    pub(crate) labels: Vec<usize>,
    /// The rank of each row's label.
    pub(crate) of: Vec<u32>,
    /// Rows of each label, by rank.
    pub(crate) counts: Vec<usize>,
}

impl Codes {
    /// Encodes fewer than 2^32 labels: in linear time where the largest label is of the order of their number, else by
    /// hashing.
    pub(crate) fn new(labels: &[usize]) -> Self {
        let largest = labels.iter().copied().max().unwrap_or(0);
        if largest < labels.len().saturating_mul(2).saturating_add(1024) {
            let mut counts = vec![0_u32; largest + 1];
            for &label in labels {
                counts[label] += 1;
            }
            let distinct: Vec<usize> = (0..counts.len()).filter(|&label| counts[label] > 0).collect();
            let mut rank = vec![0_u32; counts.len()];
            for (code, &label) in (0..).zip(&distinct) {
                rank[label] = code;
            }
            let of = labels.iter().map(|&label| rank[label]).collect();
            let counts = distinct.iter().map(|&label| counts[label] as usize).collect();
            return Self { labels: distinct, of, counts };
        }
        let mut rank: HashMap<usize, u32> = labels.iter().map(|&label| (label, 0)).collect();
        let mut distinct: Vec<usize> = rank.keys().copied().collect();
        distinct.sort_unstable();
        for (code, label) in (0..).zip(&distinct) {
            rank.insert(*label, code);
        }
        let of: Vec<u32> = labels.iter().map(|label| rank[label]).collect();
        let mut counts = vec![0; distinct.len()];
        for &code in &of {
            counts[code as usize] += 1;
        }
        Self { labels: distinct, of, counts }
    }

    /// Number of distinct labels.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// The codes in order of their first row.
    pub(crate) fn by_appearance(&self) -> Vec<u32> {
        let mut seen = vec![false; self.len()];
        let mut order = Vec::with_capacity(self.len());
        for &code in &self.of {
            if !std::mem::replace(&mut seen[code as usize], true) {
                order.push(code);
                if order.len() == self.len() {
                    break;
                }
            }
        }
        order
    }

    /// The rows of each label, by rank, each ascending: one buffer and where each label's part starts.
    pub(crate) fn rows(&self) -> (Vec<u32>, Vec<usize>) {
        let starts = starts(self.counts.iter().copied());
        let mut next = starts.clone();
        let mut rows = vec![0; self.of.len()];
        for (row, &code) in (0..).zip(&self.of) {
            rows[next[code as usize]] = row;
            next[code as usize] += 1;
        }
        (rows, starts)
    }
}

/// The starts of parts of these lengths that lie one after another, and the end of the last one.
pub(crate) fn starts(lengths: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = vec![0];
    let mut end = 0;
    for length in lengths {
        end += length;
        starts.push(end);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_and_sparse_labels_get_the_same_codes() {
        let dense = Codes::new(&[5, 3, 5, 9, 3, 3]);
        let sparse = Codes::new(&[5 << 40, 3, 5 << 40, usize::MAX, 3, 3]);
        assert_eq!(dense.of, [1, 0, 1, 2, 0, 0]);
        assert_eq!(dense.of, sparse.of);
        assert_eq!(dense.counts, [3, 2, 1]);
        assert_eq!(dense.counts, sparse.counts);
        assert_eq!((dense.labels, sparse.labels), (vec![3, 5, 9], vec![3, 5 << 40, usize::MAX]));
        assert_eq!(Codes::new(&[5, 3, 5, 9, 3, 3]).by_appearance(), [1, 0, 2]);
        assert_eq!(Codes::new(&[5, 3, 5, 9, 3, 3]).rows(), (vec![1, 4, 5, 0, 2, 3], vec![0, 3, 5, 6]));
        assert_eq!(Codes::new(&[]).len(), 0);
    }
}
