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

/// Dropout for self-normalising networks, behind [`SELU`](super::super::SELU): a value that drops becomes what a `SELU`
/// of minus infinity is, and all are moved and scaled so that values of mean 0 and variance 1 keep both
/// ([Klambauer et al. 2017](https://arxiv.org/abs/1706.02515), section 2.4), as PyTorch's
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
        // Of the share that drops, which is rounded: the mean and the variance are those of the draws.
        let rate = Rate::new(self.p)?;
        let (p, alpha) = (rate.share(), SELU_ALPHA * SELU_SCALE);
        let scale = 1.0 / ((1.0 - p) * (1.0 + p * alpha * alpha)).sqrt();
        let rate = rate.scaled(scale);
        Some(Noise::Alpha { rate, kept: scale * alpha * p, dropped: -scale * alpha * (1.0 - p) })
    }
}
