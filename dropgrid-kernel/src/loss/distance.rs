//! Losses that depend on the difference between an output and its target.

use super::{
    super::{simd::multiversion, underflow::flush},
    LANES, total,
};

/// A function of the difference d = output - wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// d².
    Square,
    /// |d|.
    Absolute,
    /// d²/2 up to |d| = delta, delta (|d| - delta/2) beyond.
    Huber(f64),
    /// d²/(2 beta) up to |d| = beta, |d| - beta/2 beyond.
    SmoothL1(f64),
}

impl Distance {
    /// The loss of one row: the mean over its outputs.
    pub fn loss(self, output: &[f32], wanted: &[f32]) -> f64 {
        let of = |difference: f64| {
            let size = difference.abs();
            match self {
                Self::Square => difference * difference,
                Self::Absolute => size,
                Self::Huber(delta) if size > delta => delta * (size - 0.5 * delta),
                Self::Huber(_) => 0.5 * difference * difference,
                Self::SmoothL1(beta) if size > beta => size - 0.5 * beta,
                Self::SmoothL1(beta) => 0.5 * difference * difference / beta,
            }
        };
        let pairs = output.iter().zip(wanted);
        pairs.map(|(&output, &wanted)| of(f64::from(output) - f64::from(wanted))).sum::<f64>() / output.len() as f64
    }
}

multiversion! {
    /// Returns the sum of the losses of `output`, each times its share, and writes the gradient. Where `shares` is
    /// empty, every share is `scale`.
    ///
    /// # Panics
    /// Where the slices differ in length.
    pub fn distance(
        distance: Distance, output: &[f32], wanted: &[f32], shares: &[f32], scale: f32, gradient: &mut [f32],
    ) -> f32 {
        let len = output.len();
        assert!(wanted.len() == len && gradient.len() == len, "a number wanted for each output");
        assert!(shares.is_empty() || shares.len() == len, "a share for each output");
        let mut sums = [0.0_f32; LANES];
        macro_rules! each {
            (|$d:ident| $loss:expr, $slope:expr) => {
                if shares.is_empty() {
                    each!(|$d| $loss, $slope; |_at| scale)
                } else {
                    each!(|$d| $loss, $slope; |at| shares[at])
                }
            };
            (|$d:ident| $loss:expr, $slope:expr; |$at:pat_param| $share:expr) => {{
                let whole = len / LANES * LANES;
                for start in (0..whole).step_by(LANES) {
                    let (output, wanted) = (&output[start..start + LANES], &wanted[start..start + LANES]);
                    let gradient = &mut gradient[start..start + LANES];
                    for lane in 0..LANES {
                        let $d = flush(output[lane] - wanted[lane]);
                        let $at = start + lane;
                        let share = $share;
                        sums[lane] += share * $loss;
                        gradient[lane] = flush(share * $slope);
                    }
                }
                for at in whole..len {
                    let $d = flush(output[at] - wanted[at]);
                    let $at = at;
                    let share = $share;
                    sums[at - whole] += share * $loss;
                    gradient[at] = flush(share * $slope);
                }
            }};
        }
        match distance {
            Distance::Square => each!(|d| d * d, 2.0 * d),
            // As in PyTorch, the derivative at 0 is 0. NaN stays NaN.
            Distance::Absolute => each!(|d| d.abs(), if d > 0.0 { 1.0 } else if d < 0.0 { -1.0 } else { d }),
            Distance::Huber(delta) => {
                let delta = delta as f32;
                each!(
                    |d| if d.abs() > delta { delta * (d.abs() - 0.5 * delta) } else { 0.5 * d * d },
                    d.clamp(-delta, delta)
                );
            }
            Distance::SmoothL1(beta) => {
                let beta = beta as f32;
                each!(
                    |d| if d.abs() > beta { d.abs() - 0.5 * beta } else { 0.5 * d * d / beta },
                    (d / beta).clamp(-1.0, 1.0)
                );
            }
        }
        total(sums)
    }
}
