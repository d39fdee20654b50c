//! Dropout that keeps mean and variance.

use super::{NoiseLayer, noise_layer};
use crate::{
    kernel::{
        elementwise::{SELU_ALPHA, SELU_SCALE},
        mask::Rate,
        noise::Noise,
    },
    nn::Range,
};

/// Dropout for self-normalising networks, behind [`SELU`](crate::nn::SELU). A value that drops is set to the limit of
/// `SELU` at minus infinity. Then all values are shifted and scaled so that mean 0 and variance 1 stay ([Klambauer et
/// al. 2017](https://arxiv.org/abs/1706.02515), section 2.4), as PyTorch's
/// [`AlphaDropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html).
///
/// With α' = 1.7581, the product of `SELU`'s two constants, and a = ((1 - p)(1 + p α'²))^(-1/2), x becomes
/// a x + a α' p where it stays, and -a α' (1 - p) where it drops.
///
/// Shapes: any, to the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlphaDropout {
    /// The share of the values to drop, in [0, 1).
    pub p: f32,
}

noise_layer!(AlphaDropout: p = 0.5 in Range::RATE, "rate");

impl NoiseLayer for AlphaDropout {
    fn noise(&self, _axes: &[usize]) -> Option<Noise> {
        // With the rounded rate, so that mean and variance are those of the draws.
        let rate = Rate::new(self.p)?;
        let (p, alpha) = (rate.share(), SELU_ALPHA * SELU_SCALE);
        let scale = 1.0 / ((1.0 - p) * (1.0 + p * alpha * alpha)).sqrt();
        let rate = rate.scaled(scale);
        Some(Noise::Alpha { rate, kept: scale * alpha * p, dropped: -scale * alpha * (1.0 - p) })
    }
}
