//! Dropout of whole channels.

use super::{NoiseLayer, noise_layer};
use crate::{
    kernel::{mask::Rate, noise::Noise},
    nn::Range,
};

/// Sets each channel to 0 with probability `p` and multiplies the others by 1 / (1 - p), in training passes only
/// ([Tompson et al. 2015](https://arxiv.org/abs/1411.4280)). Same as PyTorch's
/// [`Dropout2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html).
///
/// Neighbouring pixels are correlated. Dropping single pixels therefore removes little information.
///
/// Shapes: (C, H, W) or (rows, C, H, W); the output has the shape of the input. Each channel of each row is drawn
/// independently.
///
/// # Examples
/// ```
/// # use dfdx::{nn::ModuleMut, shapes::Rank4, tensor::{AsArray, Cpu, OnesTensor, Trace}};
/// # use dropgrid_core::nn::Dropout2D;
/// let ones = Cpu::default().ones::<Rank4<8, 4, 3, 3>>().leaky_traced();
/// let channels = Dropout2D { p: 0.5 }.forward_mut(ones).array().concat();
/// assert!(channels.iter().all(|channel| [[[0.0; 3]; 3], [[2.0; 3]; 3]].contains(channel)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout2D {
    /// The probability of dropping a channel, in [0, 1).
    pub p: f32,
}

noise_layer!(Dropout2D: p = 0.5 in Range::RATE, "rate", (C H W) (B C H W));

impl NoiseLayer for Dropout2D {
    fn noise(&self, axes: &[usize]) -> Option<Noise> {
        let [.., channels, height, width] = *axes else { return None };
        let rate = Rate::new(self.p)?;
        Some(Noise::Channels { rate, channels, run: height * width, times: 1 })
    }
}
