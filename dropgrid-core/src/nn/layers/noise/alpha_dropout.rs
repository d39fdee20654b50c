//! Dropout that preserves mean and variance.

use super::{NoiseLayer, noise_layer};
use crate::{
    kernel::{
        elementwise::{SELU_ALPHA, SELU_SCALE},
        mask::Rate,
        noise::Noise,
    },
    nn::Range,
};

/// Dropout for self-normalising networks, used after [`SELU`](crate::nn::SELU), in training passes only ([Klambauer et
/// al. 2017](https://arxiv.org/abs/1706.02515), section 2.4). Same as PyTorch's
/// [`AlphaDropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html).
///
/// A dropped value is set to the limit of `SELU` at minus infinity, -α'. An affine map of all values then preserves
/// mean 0 and variance 1. With α' = 1.7581, the product of `SELU`'s two constants, and a = ((1 - p)(1 + p α'²))^(-1/2),
/// a kept value x becomes a x + a α' p, and a dropped value becomes -a α' (1 - p).
///
/// Shapes: any; the output has the shape of the input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlphaDropout {
    /// The probability of dropping a value, in [0, 1).
    pub p: f32,
}

noise_layer!(AlphaDropout: p = 0.5 in Range::RATE, "rate");

impl NoiseLayer for AlphaDropout {
    fn noise(&self, _axes: &[usize]) -> Option<Noise> {
        // The constants use the rounded rate, with which the mask is drawn.
        let rate = Rate::new(self.p)?;
        let (p, alpha) = (rate.share(), SELU_ALPHA * SELU_SCALE);
        let scale = 1.0 / ((1.0 - p) * (1.0 + p * alpha * alpha)).sqrt();
        let rate = rate.scaled(scale);
        Some(Noise::Alpha { rate, kept: scale * alpha * p, dropped: -scale * alpha * (1.0 - p) })
    }
}
