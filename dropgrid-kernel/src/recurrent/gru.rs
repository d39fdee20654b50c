//! A step of a gated recurrent unit ([Cho et al. 2014](https://arxiv.org/abs/1406.1078)), with the reset gate behind
//! the product of the state, row by row of a batch.

#![allow(clippy::many_single_char_names, clippy::needless_range_loop, reason = "the gates in their papers' letters")]

use crate::{
    scalar::{sigmoid, tanh},
    simd::multiversion,
    underflow::flush,
};

multiversion! {
    /// Turns the products with the inputs into gates, with the `product` with the states `before`, and gives the states
    /// `h`. `inner` gets the product's part for n.
    pub(super) fn forward(
        units: usize,
        product: &[f32],
        before: &[f32],
        gates: &mut [f32],
        inner: &mut [f32],
        h: &mut [f32],
    ) {
        let width = 3 * units;
        let rows = gates.chunks_exact_mut(width).zip(product.chunks_exact(width)).zip(before.chunks_exact(units));
        let to = inner.chunks_exact_mut(units).zip(h.chunks_exact_mut(units));
        for (((gates, product), before), (inner, h)) in rows.zip(to) {
            let (reset_update, n) = gates.split_at_mut(2 * units);
            let (by_state, by_n) = product.split_at(2 * units);
            for (gate, product) in reset_update.iter_mut().zip(by_state) {
                *gate = sigmoid(*gate + product);
            }
            let (r, z) = reset_update.split_at(units);
            for at in 0..units {
                inner[at] = flush(by_n[at]);
                n[at] = flush(tanh(n[at] + r[at] * inner[at]));
                h[at] = flush(flush((1.0 - z[at]) * n[at]) + z[at] * before[at]);
            }
        }
    }
}

multiversion! {
    /// The derivative of [`forward`]: turns the gates into the gradients before their functions, `inner` into the
    /// gradient of the product's part for n, and the gradient `to_h` of the states into the part of that of the states
    /// before which passes by the product. `to_product` gets the gradient of the product.
    pub(super) fn backward(
        units: usize,
        before: &[f32],
        inner: &mut [f32],
        to_h: &mut [f32],
        gates: &mut [f32],
        to_product: &mut [f32],
    ) {
        let width = 3 * units;
        let rows = gates.chunks_exact_mut(width).zip(to_product.chunks_exact_mut(width)).zip(before.chunks_exact(units));
        let gradients = inner.chunks_exact_mut(units).zip(to_h.chunks_exact_mut(units));
        for (((gates, to_product), before), (inner, to_h)) in rows.zip(gradients) {
            let (r, rest) = gates.split_at_mut(units);
            let (z, n) = rest.split_at_mut(units);
            for at in 0..units {
                let (gradient, gr, gz, gn) = (flush(to_h[at]), r[at], z[at], n[at]);
                let by_n = flush(flush(gradient * (1.0 - gz)) * (1.0 - gn * gn));
                z[at] = flush(flush(gradient * (before[at] - gn)) * (gz * (1.0 - gz)));
                r[at] = flush(flush(by_n * inner[at]) * (gr * (1.0 - gr)));
                n[at] = by_n;
                inner[at] = flush(by_n * gr);
                to_h[at] = flush(gradient * gz);
            }
            to_product[..units].copy_from_slice(r);
            to_product[units..2 * units].copy_from_slice(z);
            to_product[2 * units..].copy_from_slice(inner);
        }
    }
}
