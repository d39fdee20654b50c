//! A step of an LSTM ([Hochreiter and Schmidhuber 1997](https://doi.org/10.1162/neco.1997.9.8.1735), with the forget
//! gate of [Gers et al. 2000](https://doi.org/10.1162/089976600300015015)), row by row of a batch.

#![allow(clippy::many_single_char_names, clippy::needless_range_loop, reason = "the gates in their papers' letters")]

use crate::{
    scalar::{sigmoid, tanh},
    simd::multiversion,
    underflow::flush,
};

/// The four stretches of a row of gates.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn quarters(gates: &mut [f32], units: usize) -> [&mut [f32]; 4] {
    let (i, rest) = gates.split_at_mut(units);
    let (f, rest) = rest.split_at_mut(units);
    let (g, o) = rest.split_at_mut(units);
    [i, f, g, &mut o[..units]]
}

multiversion! {
    /// Adds `product` to the gates and applies their functions, then gives the cells `c` after the cells `before`,
    /// their hyperbolic tangents and the states.
    pub(super) fn forward(
        units: usize,
        product: &[f32],
        before: &[f32],
        gates: &mut [f32],
        c: &mut [f32],
        tanh_c: &mut [f32],
        h: &mut [f32],
    ) {
        let width = 4 * units;
        for (gates, product) in gates.chunks_exact_mut(width).zip(product.chunks_exact(width)) {
            let [i, f, g, o] = quarters(gates, units);
            let mut parts = product.chunks_exact(units);
            for gate in [i, f, g, o] {
                let part = parts.next().unwrap_or_default();
                gate.iter_mut().zip(part).for_each(|(gate, part)| *gate += part);
            }
            let [i, f, g, o] = quarters(gates, units);
            for gate in [i, f, o] {
                for gate in gate {
                    *gate = sigmoid(*gate);
                }
            }
            for gate in g {
                *gate = flush(tanh(*gate));
            }
        }
        let rows = gates.chunks_exact_mut(width).zip(before.chunks_exact(units));
        let to = c.chunks_exact_mut(units).zip(tanh_c.chunks_exact_mut(units)).zip(h.chunks_exact_mut(units));
        for ((gates, before), ((c, tanh_c), h)) in rows.zip(to) {
            let [i, f, g, o] = quarters(gates, units);
            for at in 0..units {
                let cell = flush(flush(f[at] * before[at]) + i[at] * g[at]);
                c[at] = cell;
                tanh_c[at] = flush(tanh(cell));
                h[at] = flush(o[at] * tanh_c[at]);
            }
        }
    }
}

multiversion! {
    /// The derivative of [`forward`]: turns the gates into the gradients before their functions, and the gradient
    /// `to_c` of the cells into that of the cells before.
    pub(super) fn backward(
        units: usize,
        before: &[f32],
        tanh_c: &[f32],
        to_h: &[f32],
        gates: &mut [f32],
        to_c: &mut [f32],
    ) {
        let rows = gates.chunks_exact_mut(4 * units).zip(before.chunks_exact(units)).zip(tanh_c.chunks_exact(units));
        let gradients = to_h.chunks_exact(units).zip(to_c.chunks_exact_mut(units));
        for (((gates, before), tanh_c), (to_h, to_c)) in rows.zip(gradients) {
            let [i, f, g, o] = quarters(gates, units);
            for at in 0..units {
                let (to_h, t) = (flush(to_h[at]), tanh_c[at]);
                let by_cell = flush(to_c[at] + flush(to_h * o[at]) * (1.0 - t * t));
                let [gi, gf, gg, go] = [i[at], f[at], g[at], o[at]];
                i[at] = flush(flush(by_cell * gg) * (gi * (1.0 - gi)));
                f[at] = flush(flush(by_cell * before[at]) * (gf * (1.0 - gf)));
                g[at] = flush(flush(by_cell * gi) * (1.0 - gg * gg));
                o[at] = flush(flush(to_h * t) * (go * (1.0 - go)));
                to_c[at] = flush(by_cell * gf);
            }
        }
    }
}
