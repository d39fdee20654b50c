//! The rectifier and the dropout that follow a product and became part of it.

use crate::kernel::{
    elementwise,
    mask::{self, Rate, Stream},
};

/// The operations that follow the bias of a product.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tail {
    pub(super) rectify: bool,
    /// Only after a rectifier.
    pub(super) rate: Option<Rate>,
    /// The stream of the dropout.
    pub(super) layer: u32,
}

impl Tail {
    /// Adds the bias to a product, then rectifies and drops, in place.
    pub(super) fn forward(self, out: &mut [f32], bias: &[f32], key: [u32; 8]) {
        if bias.is_empty() {
            return;
        }
        elementwise::add_bias(out, bias, self.rectify);
        if let Some(rate) = self.rate {
            mask::drop(out, &Stream { key, layer: self.layer }, rate);
        }
    }

    /// The derivative of [`forward`](Self::forward): turns the gradient of `output` into that of the product, in place,
    /// and writes the gradient of the bias.
    pub(super) fn backward(self, gradient: &mut [f32], output: &[f32], to_bias: &mut [f32], add: bool) {
        if self.rectify {
            elementwise::gate(gradient, output, self.rate.map_or(1.0, |rate| rate.scale));
        } else {
            elementwise::flush_product(gradient);
        }
        if !to_bias.is_empty() {
            elementwise::column_sums(gradient, to_bias, add);
        }
    }
}
