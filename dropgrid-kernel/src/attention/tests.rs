use super::*;
use crate::simd::forced::{lengths, on_each, same_on_each};

fn numbers(len: usize, seed: usize) -> Vec<f32> {
    (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
}

const STREAM: Stream = Stream { key: [5; 8], layer: 2 };

/// The output by the formula, in double precision, with the masks of the kernel.
fn outputs(attention: &Attention, x: &[f64]) -> Vec<f64> {
    let Attention { steps, width, heads, causal, rate } = *attention;
    let (d, samples) = (width / heads, x.len() / (3 * steps * width));
    let mut masks = vec![1.0; samples * heads * steps * steps];
    if let Some(rate) = rate {
        mask::fill(&mut masks, &STREAM, rate);
    }
    let mut out = vec![0.0; samples * steps * width];
    for (sample, head) in (0..samples).flat_map(|sample| (0..heads).map(move |head| (sample, head))) {
        let number =
            |part: usize, step: usize, at: usize| x[(sample * steps + step) * 3 * width + part * width + head * d + at];
        for step in 0..steps {
            let seen = if causal { step + 1 } else { steps };
            let score = |other: usize| (0..d).map(|at| number(0, step, at) * number(1, other, at)).sum::<f64>();
            let weights: Vec<f64> = (0..seen).map(|other| (score(other) / (d as f64).sqrt()).exp()).collect();
            let sum: f64 = weights.iter().sum();
            for at in 0..d {
                let term = |other: usize| {
                    let mask = masks[((sample * heads + head) * steps + step) * steps + other];
                    weights[other] / sum * f64::from(mask) * number(2, other, at)
                };
                out[(sample * steps + step) * width + head * d + at] = (0..seen).map(term).sum();
            }
        }
    }
    out
}

#[test]
fn outputs_and_gradients_are_those_of_the_formula() {
    let all: &[([usize; 3], usize)] =
        if cfg!(miri) { &[([2, 2, 1], 1)] } else { &[([4, 6, 2], 3), ([3, 5, 1], 2), ([1, 4, 4], 2), ([5, 8, 4], 1)] };
    for (&([steps, width, heads], samples), causal) in all.iter().flat_map(|case| [(case, false), (case, true)]) {
        for rate in [None, Rate::new(0.3)] {
            let attention = Attention { steps, width, heads, causal, rate };
            let x = numbers(samples * steps * 3 * width, 1);
            let wide: Vec<f64> = x.iter().map(|x| 2.0 * f64::from(*x)).collect();
            let x: Vec<f32> = wide.iter().map(|x| *x as f32).collect();
            let wanted = outputs(&attention, &wide);
            let factors = numbers(wanted.len(), 2);
            let loss = |x: &[f64]| -> f64 {
                outputs(&attention, x).iter().zip(&factors).map(|(y, factor)| y * f64::from(*factor)).sum()
            };
            let quotient = |at: usize| {
                let moved = |by: f64| {
                    let mut x = wide.clone();
                    x[at] += by;
                    loss(&x)
                };
                (moved(1e-5) - moved(-1e-5)) / 2e-5
            };
            let quotients: Vec<f64> = (0..x.len()).map(quotient).collect();
            on_each(|| {
                let (mut scratch, mut kept) = (GemmScratch::default(), vec![0.0; attention.kept(samples + 1)]);
                let (mut out, mut to) = (vec![0.0; wanted.len()], vec![1.0; x.len()]);
                for add in [false, true] {
                    attention.forward(&mut scratch, &x, &STREAM, &mut kept, &mut out);
                    attention.backward(&mut scratch, [&x, &factors], &mut kept, &mut to, add);
                    let factor = if add { 2.0 } else { 1.0 };
                    let gradients = to.iter().zip(&quotients).map(|(found, wanted)| (found, factor * wanted));
                    for (found, wanted) in out.iter().zip(wanted.iter().copied()).chain(gradients) {
                        // Sums of a few dozen numbers near 1 in single precision.
                        let difference = (f64::from(*found) - wanted).abs() / wanted.abs().max(1.0);
                        assert!(difference < 1e-5, "{attention:?}: {found} {wanted}");
                    }
                }
            });
        }
    }
}

// Elementwise, and sums in a fixed order, so that the bits are the same.
#[test]
fn weights_of_any_number_of_steps_have_the_same_bits_on_each_level() {
    for width in lengths() {
        let (scores, gradient) = (numbers(width * width, 1), numbers(width * width, 2));
        let found = same_on_each(|| {
            let (mut weights, mut slopes) = (scores.clone(), gradient.clone());
            let (mut dropped, mut placed) = (scores.clone(), scores.repeat(2));
            softmax(&mut weights, width, 0.5, width % 2 == 0);
            softmax_backward(&weights, width, 0.5, &mut slopes);
            weighted(&weights, &gradient, &mut dropped);
            place(&dropped, width, &mut placed, [width, 2 * width], true);
            [weights, slopes, dropped, placed].map(|part| part.into_iter().map(f32::to_bits).collect::<Vec<u32>>())
        });
        let rows = found[0].chunks_exact(width).map(|row| row.iter().map(|bits| f32::from_bits(*bits)).sum::<f32>());
        assert!(rows.into_iter().all(|sum| (sum - 1.0).abs() < 1e-5), "{width}");
    }
}
