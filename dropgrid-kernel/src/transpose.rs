//! The transposes of matrices that lie one after the other.

use super::{simd, underflow::flush};

/// Writes the transpose of each matrix of `rows` by `columns` in `from` to `to`, or adds it where `add`.
///
/// Used to put the channels of images last, and first again.
pub fn transpose([rows, columns]: [usize; 2], from: &[f32], to: &mut [f32], add: bool) {
    let (level, len) = (simd::level(), (rows * columns).max(1));
    for (from, to) in from.chunks_exact(len).zip(to.chunks_exact_mut(len)) {
        if add {
            for (i, row) in from.chunks_exact(columns).enumerate() {
                row.iter().enumerate().for_each(|(j, from)| to[j * rows + i] = flush(to[j * rows + i] + from));
            }
        } else {
            simd::transpose(level, [rows, columns], from, columns, to, rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::simd::forced::same_on_each, *};

    #[test]
    fn each_matrix_is_transposed() {
        let most = if cfg!(miri) { 9 } else { 17 };
        for (rows, columns) in (0..=most).flat_map(|rows| (0..=most).map(move |columns| (rows, columns))) {
            let len = rows * columns;
            let from: Vec<f32> = (0..3 * len).map(|at| at as f32).collect();
            let wanted = |factor: f32| -> Vec<f32> {
                let of = |at: usize| factor * from[at / len * len + at % rows * columns + at % len / rows];
                (0..3 * len).map(of).collect()
            };
            let [once, twice] = same_on_each(|| {
                let mut to = vec![0.0; 3 * len];
                transpose([rows, columns], &from, &mut to, false);
                let once = to.clone();
                transpose([rows, columns], &from, &mut to, true);
                [once, to]
            });
            assert_eq!([once, twice], [wanted(1.0), wanted(2.0)], "{rows} {columns}");
        }
    }
}
