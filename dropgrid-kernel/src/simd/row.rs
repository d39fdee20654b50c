//! One row of a matrix product, whose accumulators stay in registers.

#[cfg(target_arch = "x86_64")]
use super::kernel::{avx2, avx512};
use super::{Level, kernel::base, lanes};

/// The most vectors of a row that are summed at once: enough that a sum need not wait for the one before it.
pub const VECTORS: usize = 8;

/// Computes a part of one row of a matrix product: `c = a b`, or `c += a b` where `add`.
///
/// `b` has a row of `vectors * lanes(level)` numbers for each number of `a`.
///
/// # Panics
/// Where an operand is too short, where there are no terms, or where `vectors` is neither 1, 2, 4 nor [`VECTORS`].
#[inline]
pub fn row(level: Level, vectors: usize, a: &[f32], b: &[f32], c: &mut [f32], add: bool) {
    let (depth, width) = (a.len(), vectors * lanes(level));
    assert!(depth > 0 && depth * width <= b.len() && width <= c.len());
    macro_rules! vectors {
        ($kernel:ident: $($vectors:literal)+) => {
            match vectors {
                // SAFETY: the kernel's features are those of `level`, which only `level()` makes. It reads `a` at k and
                // `b` at `k * width + j` for k < depth and j < width, and writes `c` at j: the assertion bounds all
                // three. `c` is borrowed mutably, so it overlaps neither. There is one tile of one row, so no distance
                // of tiles or rows is used.
                $($vectors => unsafe {
                    let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
                    $kernel::tiles::<1, $vectors, true>(1, depth, a, 0, 0, b, width, c, 0, add);
                },)+
                _ => panic!("a row has no {vectors} vectors"),
            }
        };
    }
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => vectors!(avx512: 1 2 4 8),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => vectors!(avx2: 1 2 4 8),
        Level::Base => vectors!(base: 1 2 4 8),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{forced::on_each, level},
        *,
    };

    /// Whole numbers, so that every sum is exact, whatever its order.
    #[test]
    fn a_part_of_a_row_is_written_or_added_and_nothing_else_is() {
        on_each(|| {
            for (vectors, depth) in [(1, 1), (2, 5), (4, 4), (VECTORS, 3)] {
                let width = vectors * lanes(level());
                let (a, b): (Vec<f32>, Vec<f32>) = (
                    (0..depth).map(|k| k as f32 + 1.0).collect(),
                    (0..depth * width).map(|at| (at % 7) as f32).collect(),
                );
                let sum = |j: usize| (0..depth).map(|k| a[k] * b[k * width + j]).sum::<f32>();
                for add in [false, true] {
                    let mut c = vec![3.0; width + 1];
                    row(level(), vectors, &a, &b, &mut c, add);
                    assert!((0..width).all(|j| c[j] == sum(j) + if add { 3.0 } else { 0.0 }), "{vectors} vectors");
                    assert_eq!(c[width], 3.0);
                }
            }
        });
    }
}
