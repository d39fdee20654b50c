//! Dropout of whole channels of a sequence.

use super::{NoiseLayer, noise_layer};
use crate::{
    kernel::{mask::Rate, noise::Noise},
    nn::Range,
};

/// Sets each channel of a sequence to 0 at all steps with probability `p` and multiplies the others by 1 / (1 - p), in
/// training passes only ([Tompson et al. 2015](https://arxiv.org/abs/1411.4280)). Same as Keras'
/// [`SpatialDropout1D`](https://keras.io/api/layers/regularization_layers/spatial_dropout1d/).
///
/// Shapes: (steps, M) or (rows, steps, M); the output has the shape of the input. Each channel of each row is drawn
/// independently.
///
/// # Examples
/// ```
/// # use dfdx::{nn::ModuleMut, shapes::Rank3, tensor::{AsArray, Cpu, OnesTensor, Trace}};
/// # use dropgrid_core::nn::SpatialDropout1D;
/// let ones = Cpu::default().ones::<Rank3<8, 5, 4>>().leaky_traced();
/// let kept = SpatialDropout1D { p: 0.5 }.forward_mut(ones).array();
/// assert!(kept.iter().all(|steps| steps.iter().all(|step| *step == steps[0])));
/// assert!(kept.concat().concat().iter().all(|value| [0.0, 2.0].contains(value)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpatialDropout1D {
    /// The probability of dropping a channel, in [0, 1).
    pub p: f32,
}

noise_layer!(SpatialDropout1D: p = 0.5 in Range::RATE, "rate", (T M) (B T M));

impl NoiseLayer for SpatialDropout1D {
    fn noise(&self, axes: &[usize]) -> Option<Noise> {
        let [.., steps, features] = *axes else { return None };
        let rate = Rate::new(self.p)?;
        Some(Noise::Channels { rate, channels: features, run: 1, times: steps })
    }
}
