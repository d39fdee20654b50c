//! Shifting and scaling the columns of a matrix.

use super::{simd::multiversion, underflow::flush};

/// An affine map of each column: ((x - shift) - low) / scale * span + floor.
///
/// `low` is the rounding error of `shift` in single precision. With both, an offset that is large compared with the
/// scale costs no digits.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    pub shift: Vec<f32>,
    pub low: Vec<f32>,
    pub scale: Vec<f32>,
    pub span: f32,
    pub floor: f32,
}

impl Columns {
    /// Shifts and scales whole rows.
    pub fn apply(&self, x: &[f32], y: &mut [f32]) {
        if !self.scale.is_empty() {
            apply(x, &self.shift, &self.low, &self.scale, [self.span, self.floor], y);
        }
    }

    /// The derivative by the input: `to = gradient / scale * span`, or `to +=` it where `add`.
    pub fn backward(&self, gradient: &[f32], to: &mut [f32], add: bool) {
        if !self.scale.is_empty() {
            backward(gradient, &self.scale, self.span, to, add);
        }
    }
}

multiversion! {
    fn apply(x: &[f32], shift: &[f32], low: &[f32], scale: &[f32], ends: [f32; 2], y: &mut [f32]) {
        let [span, floor] = ends;
        for (y, x) in y.chunks_exact_mut(scale.len()).zip(x.chunks_exact(scale.len())) {
            for (((y, x), (shift, low)), scale) in y.iter_mut().zip(x).zip(shift.iter().zip(low)).zip(scale) {
                *y = flush(((x - shift) - low) / scale * span + floor);
            }
        }
    }
}

multiversion! {
    fn backward(gradient: &[f32], scale: &[f32], span: f32, to: &mut [f32], add: bool) {
        for (to, gradient) in to.chunks_exact_mut(scale.len()).zip(gradient.chunks_exact(scale.len())) {
            for ((to, gradient), scale) in to.iter_mut().zip(gradient).zip(scale) {
                *to = flush(if add { *to } else { 0.0 } + gradient / scale * span);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::simd::forced::{lengths, same_on_each},
        *,
    };

    fn columns() -> Columns {
        Columns { shift: vec![1.0, -2.0], low: vec![0.0, 0.5], scale: vec![2.0, 4.0], span: 3.0, floor: -1.0 }
    }

    #[test]
    fn each_column_moves_and_scales_by_itself() {
        let y = same_on_each(|| {
            let mut y = [0.0; 4];
            columns().apply(&[1.0, -1.5, 3.0, 2.5], &mut y);
            y
        });
        assert_eq!(y, [-1.0, -1.0, 2.0, 2.0]);
    }

    // Elementwise, so the bits are those of the formula.
    #[test]
    fn rows_of_every_width_are_the_formula() {
        for width in lengths() {
            let numbers =
                |seed: usize, len: usize| (0..len).map(|at| ((at * 37 + seed) % 101) as f32 / 7.0 + 0.1).collect();
            let [shift, low, scale]: [Vec<f32>; 3] = [1, 2, 3].map(|seed| numbers(seed, width));
            let [x, start]: [Vec<f32>; 2] = [4, 5].map(|seed| numbers(seed, 3 * width));
            let columns = Columns { shift, low, scale, span: 3.0, floor: -1.0 };
            let Columns { shift, low, scale, span, floor } = &columns;
            let moved = |at: usize, x: f32| ((x - shift[at]) - low[at]) / scale[at] * span + floor;
            let of_rows = |of: &dyn Fn(usize, usize) -> f32| -> Vec<f32> {
                (0..3 * width).map(|place| of(place % width, place)).collect()
            };
            let found = same_on_each(|| {
                let mut to = [start.clone(), start.clone(), start.clone()];
                columns.apply(&x, &mut to[0]);
                columns.backward(&x, &mut to[1], false);
                columns.backward(&x, &mut to[2], true);
                to
            });
            let wanted = [
                of_rows(&|at, place| moved(at, x[place])),
                of_rows(&|at, place| x[place] / scale[at] * span),
                of_rows(&|at, place| start[place] + x[place] / scale[at] * span),
            ];
            assert_eq!(found, wanted, "{width}");
        }
    }

    #[test]
    fn the_slope_is_the_derivative() {
        let mut to = [1.0; 4];
        columns().backward(&[2.0, 4.0, -2.0, -4.0], &mut to, true);
        assert_eq!(to, [4.0, 4.0, -2.0, -2.0]);
        columns().backward(&[2.0, 4.0, -2.0, -4.0], &mut to, false);
        assert_eq!(to, [3.0, 3.0, -3.0, -3.0]);
    }
}
