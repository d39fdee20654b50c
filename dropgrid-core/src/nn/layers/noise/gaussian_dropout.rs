//! Multiplicative Gaussian noise.

use super::{NoiseLayer, noise_layer};
use crate::{kernel::noise::Noise, nn::Range};

/// Multiplies each value by a normal random number of mean 1 and variance p / (1 - p), in training passes only
/// ([Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), section 10). Same as Keras'
/// [`GaussianDropout`](https://keras.io/api/layers/regularization_layers/gaussian_dropout/).
///
/// The factors of a dropout of rate `p` have the same mean and variance.
///
/// Shapes: any; the output has the shape of the input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianDropout {
    /// The rate of the dropout whose factors have the same mean and variance, in [0, 1).
    pub p: f32,
}

noise_layer!(GaussianDropout: p = 0.5 in Range::RATE, "rate");

impl NoiseLayer for GaussianDropout {
    fn noise(&self, _axes: &[usize]) -> Option<Noise> {
        (self.p > 0.0).then(|| Noise::Product { deviation: (self.p / (1.0 - self.p)).sqrt() })
    }
}
