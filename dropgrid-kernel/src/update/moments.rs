//! Moving averages of gradients and of their squares.

/// Added to a gradient before it is squared, so that the mean of squares that are 0 is a normal number, and every term
/// of it.
///
/// It is 2^-52, less than the last place of an epsilon of 1e-8, and changes no gradient above 2e-9.
pub(super) const BESIDE_ZERO: f32 = f32::EPSILON * f32::EPSILON / 64.0;

/// Linear interpolation as PyTorch's `lerp` computes it: from the nearer end.
#[derive(Clone, Copy)]
pub(super) struct Lerp {
    share: f32,
    rest: f32,
}

impl Lerp {
    pub(super) fn new(share: f64) -> Self {
        let share = share as f32;
        Self { share, rest: 1.0 - share }
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
    pub(super) fn of(self, from: f32, to: f32) -> f32 {
        if self.share < 0.5 { from + self.share * (to - from) } else { to - (to - from) * self.rest }
    }
}

/// A moving average of squares, with the square of `g`.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn mean_of_squares(mean: f32, kept: f32, share: f32, g: f32) -> f32 {
    let g = g + BESIDE_ZERO;
    mean * kept + share * g * g
}
