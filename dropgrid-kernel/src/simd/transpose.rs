//! The transpose of a matrix, in blocks of 8 by 8 where the processor has AVX2.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    _mm256_loadu_ps, _mm256_permute2f128_ps, _mm256_shuffle_ps, _mm256_storeu_ps, _mm256_unpackhi_ps,
    _mm256_unpacklo_ps,
};

use super::Level;

/// `to[j * to_row + i] = from[i * from_row + j]` for i < `rows` and j < `columns`.
///
/// # Panics
/// Where a slice is too short.
#[inline]
pub fn transpose(
    level: Level,
    [rows, columns]: [usize; 2],
    from: &[f32],
    from_row: usize,
    to: &mut [f32],
    to_row: usize,
) {
    if rows == 0 || columns == 0 {
        return;
    }
    assert!((rows - 1) * from_row + columns <= from.len());
    assert!((columns - 1) * to_row + rows <= to.len());
    let has_blocks = cfg!(target_arch = "x86_64") && level != Level::Base;
    let (wide_rows, wide_columns) = if has_blocks { (rows / 8 * 8, columns / 8 * 8) } else { (0, 0) };
    #[cfg(target_arch = "x86_64")]
    if has_blocks {
        for i in (0..wide_rows).step_by(8) {
            for j in (0..wide_columns).step_by(8) {
                // SAFETY: both levels have AVX2. The block reads rows i..i + 8 and columns j..j + 8 of `from` and
                // writes rows j..j + 8 and columns i..i + 8 of `to`: inside what the assertions above bound.
                unsafe {
                    transpose8(
                        from.as_ptr().add(i * from_row + j),
                        from_row,
                        to.as_mut_ptr().add(j * to_row + i),
                        to_row,
                    );
                };
            }
        }
    }
    for i in 0..rows {
        let start = if i < wide_rows { wide_columns } else { 0 };
        for j in start..columns {
            to[j * to_row + i] = from[i * from_row + j];
        }
    }
}

/// Transposes a block of 8 by 8.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
#[allow(clippy::many_single_char_names, reason = "eight rows")]
unsafe fn transpose8(from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
    // SAFETY: the caller guarantees that both blocks are in bounds.
    unsafe {
        let row = |i: usize| _mm256_loadu_ps(from.add(i * from_row));
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        let (e, f, g, h) = (row(4), row(5), row(6), row(7));
        let (ab, ab2) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let (cd, cd2) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        let (ef, ef2) = (_mm256_unpacklo_ps(e, f), _mm256_unpackhi_ps(e, f));
        let (gh, gh2) = (_mm256_unpacklo_ps(g, h), _mm256_unpackhi_ps(g, h));
        let left = [
            _mm256_shuffle_ps::<0x44>(ab, cd),
            _mm256_shuffle_ps::<0xee>(ab, cd),
            _mm256_shuffle_ps::<0x44>(ab2, cd2),
            _mm256_shuffle_ps::<0xee>(ab2, cd2),
        ];
        let right = [
            _mm256_shuffle_ps::<0x44>(ef, gh),
            _mm256_shuffle_ps::<0xee>(ef, gh),
            _mm256_shuffle_ps::<0x44>(ef2, gh2),
            _mm256_shuffle_ps::<0xee>(ef2, gh2),
        ];
        for i in 0..4 {
            _mm256_storeu_ps(to.add(i * to_row), _mm256_permute2f128_ps::<0x20>(left[i], right[i]));
            _mm256_storeu_ps(to.add((i + 4) * to_row), _mm256_permute2f128_ps::<0x31>(left[i], right[i]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{forced::same_on_each, level},
        *,
    };

    #[test]
    fn every_remainder_of_rows_and_columns_is_transposed() {
        // Blocks are 8 by 8.
        let most = if cfg!(miri) { 10 } else { 2 * 8 + 1 };
        for (rows, columns) in (0..=most).flat_map(|rows| (0..=most).map(move |columns| (rows, columns))) {
            for (from_row, to_row) in [(columns, rows), (columns + 3, rows + 5)] {
                let from: Vec<f32> = (0..rows * from_row).map(|at| at as f32).collect();
                let mut wanted = vec![-1.0; columns * to_row];
                for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
                    wanted[j * to_row + i] = from[i * from_row + j];
                }
                let found = same_on_each(|| {
                    // Neither slice is longer than necessary, and the numbers between rows are left alone.
                    let mut to = vec![-1.0; columns * to_row];
                    let [from_end, to_end] = if rows == 0 || columns == 0 {
                        [0; 2]
                    } else {
                        [(rows - 1) * from_row + columns, (columns - 1) * to_row + rows]
                    };
                    transpose(level(), [rows, columns], &from[..from_end], from_row, &mut to[..to_end], to_row);
                    to
                });
                assert_eq!(found, wanted, "{rows} {columns}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "assertion failed")]
    fn a_short_slice_is_refused() {
        transpose(level(), [8, 8], &[0.0; 63], 8, &mut [0.0; 64], 8);
    }
}
