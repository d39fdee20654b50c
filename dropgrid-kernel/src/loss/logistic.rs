//! Binary cross-entropy on log-odds, and its focal form.

use super::{
    super::{scalar::exp, simd::multiversion, underflow::flush},
    LANES, total,
};

/// Binary cross-entropy with label smoothing, weights of the positive side, and focus.
///
/// With p = 1 / (1 + e^-z) and the truth y, smoothed to y (1 - smoothing) + smoothing / 2, an output's loss is
/// pos y (1 - p)^gamma (-ln p) + (1 - y) p^gamma (-ln(1 - p)).
#[derive(Debug, Clone)]
pub struct Logistic {
    /// The weight of the positive side, for each output.
    pub pos: Vec<f64>,
    pub smoothing: f64,
    pub gamma: f64,
}

impl Logistic {
    /// The weights of the positive and the negative side in the losses of a row with this share: the first replaces the
    /// target in `wanted`, the second is written to `off`.
    ///
    /// # Panics
    /// Where the slices are not those of one row.
    pub fn sides(&self, share: f64, wanted: &mut [f32], off: &mut [f32]) {
        sides(&self.pos, self.smoothing, share, wanted, off);
    }

    /// The loss of one row: the mean over its outputs.
    pub fn loss(&self, output: &[f32], wanted: &[f32]) -> f64 {
        let of = |(at, (&logit, &wanted)): (usize, (&f32, &f32))| {
            let yes = f64::from(wanted) * (1.0 - self.smoothing) + 0.5 * self.smoothing;
            let (on, off) = (self.pos[at] * yes, 1.0 - yes);
            let logit = f64::from(logit);
            // ln(1 + e^z) of the smaller exponential, so that nothing overflows: -ln(1 - p), and -ln p of -z.
            let tail = libm::log1p(libm::exp(-logit.abs()));
            let (up, down) = (logit.max(0.0) + tail, (-logit).max(0.0) + tail);
            // Powers of 1 - p = e^-up and of p = e^-down.
            let focus = |log: f64| if self.gamma == 0.0 { 1.0 } else { libm::exp(-self.gamma * log) };
            on * focus(up) * down + off * focus(down) * up
        };
        output.iter().zip(wanted).enumerate().map(of).sum::<f64>() / output.len() as f64
    }
}

multiversion! {
    /// See [`Logistic::sides`].
    fn sides(pos: &[f64], smoothing: f64, share: f64, wanted: &mut [f32], off: &mut [f32]) {
        assert!(wanted.len() == pos.len() && off.len() == pos.len(), "one row");
        for ((on, off), pos) in wanted.iter_mut().zip(off).zip(pos) {
            let yes = f64::from(*on) * (1.0 - smoothing) + 0.5 * smoothing;
            *on = (share * pos * yes) as f32;
            *off = (share * (1.0 - yes)) as f32;
        }
    }
}

/// ln(1 + e) for e in [0, 1], to 2 units in the last place.
///
/// 2 artanh t = 2 (t + t^3/3 + …) with t = e / (2 + e), which is at most 1/3: the first term left out is below 2e-8 of
/// the sum.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn ln_1p(e: f32) -> f32 {
    let t = e / (2.0 + e);
    // Beside small numbers the other terms are nothing, and no power of them is denormal.
    let rest = if e < 1e-6 { 0.0 } else { t };
    let s = rest * rest;
    let p = 1.0 / 13.0;
    let p = p * s + 1.0 / 11.0;
    let p = p * s + 1.0 / 9.0;
    let p = p * s + 1.0 / 7.0;
    let p = p * s + 1.0 / 5.0;
    let p = p * s + 1.0 / 3.0;
    2.0 * rest * s * p + 2.0 * t
}

/// The loss of one logit and its derivative, with the weights `on` and `off` of the positive and the negative side.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn one(logit: f32, on: f32, off: f32, gamma: f32) -> (f32, f32) {
    let e = exp(-logit.abs());
    let tail = ln_1p(e);
    let (up, down) = if logit > 0.0 { (logit + tail, tail) } else { (tail, tail - logit) };
    let large = 1.0 / (1.0 + e);
    let small = e * large;
    let (p, n) = if logit > 0.0 { (large, small) } else { (small, large) };
    if gamma == 0.0 {
        return (on * down + off * up, flush(off * p - on * n));
    }
    let (on, off) = (on * exp(-gamma * up), off * exp(-gamma * down));
    (on * down + off * up, flush(off * (gamma * n * up + p) - on * (gamma * p * down + n)))
}

multiversion! {
    /// Returns the sum of the losses of `logits` and writes the gradient, with the weights `on` and `off` of the
    /// positive and the negative side of each.
    ///
    /// # Panics
    /// Where the slices differ in length.
    pub fn logistic(logits: &[f32], on: &[f32], off: &[f32], gamma: f32, gradient: &mut [f32]) -> f32 {
        let len = logits.len();
        assert!(on.len() == len && off.len() == len && gradient.len() == len, "both sides for each logit");
        let mut sums = [0.0_f32; LANES];
        let whole = len / LANES * LANES;
        // A constant in the loop, so that it is vectorized.
        macro_rules! each {
            ($gamma:expr) => {
                for start in (0..whole).step_by(LANES) {
                    let logits = &logits[start..start + LANES];
                    let (on, off) = (&on[start..start + LANES], &off[start..start + LANES]);
                    let gradient = &mut gradient[start..start + LANES];
                    for lane in 0..LANES {
                        let (loss, slope) = one(logits[lane], on[lane], off[lane], $gamma);
                        sums[lane] += loss;
                        gradient[lane] = slope;
                    }
                }
            };
        }
        if gamma == 0.0 {
            each!(0.0);
        } else {
            each!(gamma);
        }
        for at in whole..len {
            let (loss, slope) = one(logits[at], on[at], off[at], gamma);
            sums[at - whole] += loss;
            gradient[at] = slope;
        }
        total(sums)
    }
}
