//! Additive Gaussian noise.

use super::{NoiseLayer, noise_layer};
use crate::{kernel::noise::Noise, nn::Range};

/// Adds a normal random number of mean 0 and standard deviation `stddev` to each value, in training passes only
/// ([Bishop 1995](https://doi.org/10.1162/neco.1995.7.1.108)). Same as Keras'
/// [`GaussianNoise`](https://keras.io/api/layers/regularization_layers/gaussian_noise/).
///
/// At the head of a network or after its scaler, it augments the data.
///
/// Shapes: any; the output has the shape of the input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianNoise {
    /// The standard deviation, at least 0.
    pub stddev: f32,
}

noise_layer!(GaussianNoise: stddev = 0.1 in Range::NON_NEGATIVE, "standard deviation");

impl NoiseLayer for GaussianNoise {
    fn noise(&self, _axes: &[usize]) -> Option<Noise> {
        (self.stddev > 0.0).then_some(Noise::Sum { deviation: self.stddev })
    }
}
