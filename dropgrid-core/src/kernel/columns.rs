//! Moving and scaling the columns of rows.

use super::simd::multiversion;

/// What is done with each column: ((x - shift) - low) / scale * span + floor.
///
/// `low` is what rounding to single precision has left of `shift`: with both, an offset that is large beside the scale
/// costs no digits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    pub(crate) shift: Vec<f32>,
    pub(crate) low: Vec<f32>,
    pub(crate) scale: Vec<f32>,
    pub(crate) span: f32,
    pub(crate) floor: f32,
}

impl Columns {
    /// Moves and scales whole rows.
    pub(crate) fn apply(&self, x: &[f32], y: &mut [f32]) {
        if !self.scale.is_empty() {
            apply(x, &self.shift, &self.low, &self.scale, [self.span, self.floor], y);
        }
    }

    /// The derivative: `to = gradient / scale * span`, or `to +=` it where `add`.
    pub(crate) fn slope(&self, gradient: &[f32], to: &mut [f32], add: bool) {
        if !self.scale.is_empty() {
            slope(gradient, &self.scale, self.span, to, add);
        }
    }
}

multiversion! {
    fn apply(x: &[f32], shift: &[f32], low: &[f32], scale: &[f32], ends: [f32; 2], y: &mut [f32]) {
        let [span, floor] = ends;
        for (y, x) in y.chunks_exact_mut(scale.len()).zip(x.chunks_exact(scale.len())) {
            for (((y, x), (shift, low)), scale) in y.iter_mut().zip(x).zip(shift.iter().zip(low)).zip(scale) {
                *y = ((x - shift) - low) / scale * span + floor;
            }
        }
    }
}

multiversion! {
    fn slope(gradient: &[f32], scale: &[f32], span: f32, to: &mut [f32], add: bool) {
        for (to, gradient) in to.chunks_exact_mut(scale.len()).zip(gradient.chunks_exact(scale.len())) {
            for ((to, gradient), scale) in to.iter_mut().zip(gradient).zip(scale) {
                *to = if add { *to } else { 0.0 } + gradient / scale * span;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::simd::forced::same_on_each, *};

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

    #[test]
    fn the_slope_is_the_derivative() {
        let mut to = [1.0; 4];
        columns().slope(&[2.0, 4.0, -2.0, -4.0], &mut to, true);
        assert_eq!(to, [4.0, 4.0, -2.0, -2.0]);
        columns().slope(&[2.0, 4.0, -2.0, -4.0], &mut to, false);
        assert_eq!(to, [3.0, 3.0, -3.0, -3.0]);
    }
}
