//! Matrices, one after the other, and their transposes.

use super::simd::{level, transpose};

/// The transpose of each matrix of `rows` by `columns` in `from`, or `to +=` it where `add`.
///
/// This is how channels come to lie last in images, and first again.
pub(crate) fn turn([rows, columns]: [usize; 2], from: &[f32], to: &mut [f32], add: bool) {
    let (level, len) = (level(), (rows * columns).max(1));
    for (from, to) in from.chunks_exact(len).zip(to.chunks_exact_mut(len)) {
        if add {
            for (i, row) in from.chunks_exact(columns).enumerate() {
                row.iter().enumerate().for_each(|(j, from)| to[j * rows + i] += from);
            }
        } else {
            transpose(level, [rows, columns], from, columns, to, rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_matrix_is_transposed() {
        let from = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0];
        let mut to = [0.0; 12];
        turn([2, 3], &from, &mut to, false);
        assert_eq!(to, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0, 7.0, 10.0, 8.0, 11.0, 9.0, 12.0]);
        turn([2, 3], &from, &mut to, true);
        assert_eq!(to.map(|value| value / 2.0), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0, 7.0, 10.0, 8.0, 11.0, 9.0, 12.0]);
        turn([3, 0], &[], &mut [], true);
    }
}
