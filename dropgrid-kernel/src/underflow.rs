//! The rule that keeps denormal numbers out of a training.
//!
//! Moments, gradients and probabilities fade: they shrink by a factor in each step, down to denormal numbers, the ones
//! below 2^-126. Some processors take a hundred times as long for a product of those, or with such a result. A mode of
//! the processor that counts them as 0 is none that Rust allows, and not every processor has it.
//!
//! So kernels write no number other than 0 whose magnitude is below [`SMALLEST`], the root of the smallest normal
//! number: no product of two numbers that kernels wrote is denormal. This is arithmetic, with the same bits on every
//! processor.
//!
//! A matrix product is exempt, since its last step would take 3 to 11 % longer. What follows it flushes its numbers
//! before another product reads them: the bias, the derivative of a rectifier, or `flush_product`. Nothing follows the
//! gradient of a weight, whose readers are the optimizers.

/// The smallest magnitude other than 0 of the numbers that kernels write: 2^-63, about 1e-19.
pub(crate) const SMALLEST: f32 = f32::from_bits((127 - 63) << 23);

/// The two highest bits of an exponent, of which at least one is set from [`SMALLEST`] on. Processors with AVX-512 test
/// them in one instruction.
pub(crate) const IS_LARGE: u32 = 0b11 << 29;

/// The number, or 0 where its magnitude is below [`SMALLEST`]. NaN stays NaN.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(crate) fn flush(x: f32) -> f32 {
    if x.to_bits() & IS_LARGE == 0 { 0.0 } else { x }
}

/// [`flush`] of each number.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(crate) fn flush_all(numbers: &mut [f32]) {
    for number in numbers {
        *number = flush(*number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        columns::Columns,
        elementwise::{self, Function},
        loss::{Distance, Softmax, cross_entropy, distance, logistic},
        norm, pool, prelu,
        simd::forced::same_on_each,
        update::{self, Adadelta, Adagrad, Adam, Adamax, Lion, NAdam, RAdam, RmsProp, ScheduleFree, Sgd},
        windows::Windows,
    };

    #[test]
    fn products_of_what_stays_are_normal() {
        assert_eq!(SMALLEST * SMALLEST, f32::MIN_POSITIVE);
        let below = SMALLEST.next_down();
        let numbers = [SMALLEST, below, -SMALLEST, -below, f32::MIN_POSITIVE / 2.0, -0.0, f32::INFINITY];
        assert_eq!(numbers.map(flush), [SMALLEST, 0.0, -SMALLEST, 0.0, 0.0, 0.0, f32::INFINITY]);
        assert!(flush(f32::NAN).is_nan());
    }

    const LEN: usize = if cfg!(miri) { 33 } else { 4000 };

    /// Numbers that kernels may have written, of either sign and most of them close to [`SMALLEST`].
    fn faded(seed: usize) -> Vec<f32> {
        let number = |at: usize| {
            let random = (at * 7919 + seed * 104_729) % 1009;
            let size = (1.0 + random as f32 / 1009.0) * (1_u32 << (random % 7 * 3)) as f32;
            flush(if random.is_multiple_of(2) { size } else { -size } * SMALLEST)
        };
        (0..LEN).map(number).collect()
    }

    /// Asserts that a kernel writes nothing between 0 and [`SMALLEST`] to some buffers.
    #[track_caller]
    fn check<const N: usize>(kernel: impl Fn(&mut [Vec<f32>; N])) {
        let written = same_on_each(|| {
            let mut buffers = std::array::from_fn(|at| faded(at + 10));
            kernel(&mut buffers);
            buffers.map(|buffer| buffer.into_iter().map(f32::to_bits).collect::<Vec<_>>())
        });
        for number in written.into_iter().flatten().map(f32::from_bits) {
            assert!(number == 0.0 || number.abs() >= SMALLEST, "{number:e}");
        }
    }

    #[test]
    fn functions_of_numbers_write_none_that_is_too_small() {
        let (x, g) = (faded(1), faded(2));
        let logits: Vec<f32> = x.iter().map(|x| (x / SMALLEST).clamp(-100.0, 100.0)).collect();
        for function in [
            Function::LeakyRelu(0.01),
            Function::Tanh,
            Function::Sigmoid,
            Function::FastGelu,
            Function::Gelu,
            Function::Square,
            Function::Elu(0.1),
            Function::Selu,
            Function::Silu,
            Function::Mish,
        ] {
            for x in [&x, &logits] {
                check(|[y, to, added]| {
                    elementwise::apply(function, x, y);
                    elementwise::backward(function, x, y, &g, to, false);
                    elementwise::backward(function, x, y, &g, added, true);
                });
            }
        }
        check(|[product, sum, copy, biased, rectified]| {
            elementwise::multiply(&x, &g, product, true);
            elementwise::sum(&x, &g, sum);
            elementwise::copy(&x, copy, true);
            elementwise::add_bias(biased, &x[..11], false);
            elementwise::add_bias(rectified, &x[..11], true);
        });
        check(|[sums]| elementwise::column_sums(&x[..33], &mut sums[..11], true));
        // What a matrix product may give, but for denormal numbers.
        let product: Vec<f32> = x.iter().zip(&g).map(|(x, g)| x * g / SMALLEST.sqrt()).collect();
        check(|[gated, plain]| {
            gated.copy_from_slice(&product);
            elementwise::gate(gated, &x, 1.25);
            plain.copy_from_slice(&product);
            elementwise::flush_product(plain);
        });
    }

    #[test]
    fn losses_write_no_gradient_that_is_too_small() {
        let wide: Vec<f32> = faded(1).iter().map(|x| (x / SMALLEST).clamp(-100.0, 100.0)).collect();
        let (wide, wanted) = (&wide[..33], &faded(2)[..33]);
        check(|[gradient]| {
            gradient.truncate(33);
            gradient.copy_from_slice(wide);
            cross_entropy(gradient, 11, [3, 5, 9].into_iter());
        });
        for (smoothing, gamma) in [(0.0, 0.0), (0.1, 0.0), (0.0, 5.0), (0.1, 2.0)] {
            check(|[gradient]| {
                gradient.truncate(33);
                let softmax = Softmax::new(vec![1.0; 11], smoothing, gamma);
                softmax.gradient(wide, [3, 5, 9].into_iter(), &[0.01; 3], gradient);
            });
        }
        for gamma in [0.0, 2.0] {
            check(|[gradient]| {
                gradient.truncate(33);
                logistic(wide, &[0.03; 33], &[0.01; 33], gamma, gradient);
            });
        }
        for kind in [Distance::Square, Distance::Absolute, Distance::Huber(1.0), Distance::SmoothL1(2.0)] {
            check(|[gradient]| {
                gradient.truncate(33);
                distance(kind, &faded(3)[..33], wanted, &[], 0.01, gradient);
            });
        }
    }

    #[test]
    fn optimizers_write_no_number_that_is_too_small() {
        let g = faded(1);
        let gradients = || g.clone();
        // Second moments are squares: they stay normal numbers, whose roots are not too small.
        let is_normal =
            |squares: &mut Vec<f32>| squares.iter_mut().for_each(|square| *square = square.abs().max(1e-30));
        let written = |squares: &[f32]| assert!(squares.iter().all(|square| square.is_normal()));
        for (l2, decoupled, amsgrad) in [(0.0, 0.0, false), (1e-3, 0.0, false), (0.0, 1e-5, false), (0.0, 0.0, true)] {
            check(|[p, m, v, top]| {
                is_normal(v);
                is_normal(top);
                // A step of plain Adam moves parameters that do not fade.
                for p in &mut *p {
                    *p += 1.0;
                }
                let step = Adam { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, l2, decoupled, t: 3 };
                update::adam(step, p, &g, m, v, amsgrad.then_some(&mut top[..]));
                written(v);
                written(top);
                v.clear();
                top.clear();
            });
        }
        for (momentum, nesterov) in [(None, false), (Some(0.9), false), (Some(0.9), true)] {
            check(|[p, v]| update::sgd(Sgd { lr: 0.1, momentum, share: 0.9, nesterov, l2: 1e-3 }, p, &g, v));
            check(|[p, squares, mean, velocity]| {
                is_normal(squares);
                let mean = nesterov.then_some(&mut mean[..]);
                let step = RmsProp { lr: 0.1, alpha: 0.9, eps: 1e-8, momentum, l2: 0.0 };
                update::rmsprop(step, p, &mut gradients(), squares, mean, velocity);
                written(squares);
                squares.clear();
            });
        }
        let adaptive = |step: &dyn Fn([&mut [f32]; 3])| {
            check(|[p, m, v]| {
                is_normal(v);
                step([&mut p[..], &mut m[..], &mut v[..]]);
                written(v);
                v.clear();
            });
        };
        let (lr, beta1, beta2, eps, l2, decoupled, t) = (1e-3, 0.9, 0.999, 1e-8, 1e-3, 1e-5, 3);
        let momentums = [0.46, 0.47];
        adaptive(&|[p, m, v]| {
            let step = NAdam { lr, beta1, beta2, eps, l2, decoupled, t, momentums, product: 0.1 };
            update::nadam(step, p, &g, m, v);
        });
        // The third step is not yet adaptive, the tenth is.
        for t in [3, 10] {
            adaptive(&|[p, m, v]| update::radam(RAdam { lr, beta1, beta2, eps, l2, decoupled, t }, p, &g, m, v));
        }
        adaptive(&|[p, _, v]| update::adagrad(Adagrad { lr, lr_decay: 0.1, eps, l2, t }, p, &g, v));
        adaptive(&|[p, d, v]| {
            for square in d.iter_mut() {
                *square = square.abs().max(1e-30);
            }
            update::adadelta(Adadelta { lr, alpha: 0.9, eps, l2 }, p, &g, v, d);
            written(d);
            d.fill(0.0);
        });
        adaptive(&|[p, _, v]| {
            let [mut base, mut average] = [faded(3), faded(4)];
            let step = ScheduleFree { lr, beta1, beta2, eps, decay: 0.1, share: 0.3, t };
            update::schedule_free(step, p, &g, v, &mut base, &mut average);
            for number in base.into_iter().chain(average) {
                assert!(number == 0.0 || number.abs() >= SMALLEST, "{number:e}");
            }
        });
        check(|[p, m, highest]| {
            // So small an epsilon counts as the smallest number that kernels write.
            let eps = 1e-30;
            update::adamax(Adamax { lr, beta1, beta2, eps, l2, t }, p, &g, m, highest);
            assert!(highest.iter().all(|highest| *highest >= SMALLEST));
        });
        check(|[p, m]| update::lion(Lion { lr, beta1, beta2, decoupled }, p, &g, m));
        check(|[added, scaled, average]| {
            update::add_scaled(&g, 0.3, added);
            update::scale(scaled, 0.3);
            update::follow(average, &g, 0.01);
        });
    }

    #[test]
    fn layers_write_no_number_that_is_too_small() {
        let (x, g) = (&faded(1)[..33], &faded(2)[..33]);
        let parameters = &faded(3)[..11];
        check(|[kept, y, gamma, beta, to]| {
            norm::layer_norm(x, parameters, parameters, 1e-5, &mut kept[..6], &mut y[..33]);
            norm::layer_norm_backward_parameters(x, &kept[..6], g, &mut gamma[..11], &mut beta[..11]);
            norm::layer_norm_backward_input(x, &kept[..6], g, parameters, &mut to[..33], true);
        });
        check(|[kept, mean, variance, y, sums, to]| {
            let settings = norm::BatchNorm { epsilon: 1e-5, momentum: 0.1, run: 1 };
            norm::batch_norm_statistics(x, settings, &mut kept[..22], &mut mean[..11], &mut variance[..11]);
            norm::batch_norm(x, &kept[..22], parameters, parameters, 1, &mut y[..33]);
            norm::batch_norm_backward_parameters(x, &kept[..22], g, 1, &mut sums[..22]);
            norm::batch_norm_backward_input(x, &kept[..22], g, parameters, &sums[..22], 1, &mut to[..33], false);
        });
        check(|[y, to, slopes]| {
            // Not so small that they are exempt.
            let ordinary: Vec<f32> = parameters.iter().map(|slope| 1.0 + slope).collect();
            prelu::forward(x, &ordinary, 1, &mut y[..33]);
            prelu::backward_input(x, parameters, g, 1, &mut to[..33], true);
            prelu::backward_parameters(x, g, 1, &mut slopes[..11]);
        });
        let columns =
            Columns { shift: parameters.to_vec(), low: vec![0.0; 11], scale: vec![3.0; 11], span: 1.0, floor: 0.0 };
        check(|[y, to]| {
            columns.apply(x, &mut y[..33]);
            columns.backward(g, &mut to[..33], true);
        });
        // Overlapping windows of three channels, on an image of three by three.
        let windows = Windows::new([3, 3, 3], [2, 2], [1, 0, 1]);
        for kind in [pool::Pool::Max, pool::Pool::Average] {
            check(|[out, to]| {
                pool::pool(kind, &windows, &x[..27], &mut out[..12]);
                pool::pool_backward(kind, &windows, &x[..27], &out[..12], &g[..12], &mut [0.0; 3], &mut to[..27]);
            });
        }
    }
}
