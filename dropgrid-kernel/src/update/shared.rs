//! Operations on many numbers, one by one, on several threads.

use std::mem;

use crate::threads::share;

/// The numbers for which another thread is worth waking: some 40 microseconds of a step of Adam.
const WORTH: usize = 1 << 17;

/// Calls `update` on slices of numbers that belong together, or on parts of them side by side. A slice is empty, or as
/// long as the first one.
pub(super) fn on_threads<const N: usize>(
    slices: [&mut [f32]; N],
    gradients: &[f32],
    update: impl Fn([&mut [f32]; N], &[f32]) + Sync,
) {
    let len = slices.first().map_or(0, |slice| slice.len());
    let Some(share) = share(len / WORTH) else {
        return update(slices, gradients);
    };
    // A cache line belongs to one thread.
    let size = len.div_ceil(share.count()).next_multiple_of(16);
    let (mut slices, mut gradients) = (slices, gradients);
    let parts = std::iter::from_fn(|| {
        let size = size.min(slices[0].len());
        let part = slices.each_mut().map(|slice| {
            let count = size.min(slice.len());
            let (part, rest) = mem::take(slice).split_at_mut(count);
            *slice = rest;
            part
        });
        let (of_part, rest) = gradients.split_at(size.min(gradients.len()));
        gradients = rest;
        (size > 0).then_some((part, of_part))
    });
    share.each(parts, |(part, gradients)| update(part, gradients));
}

#[cfg(test)]
#[cfg(all(feature = "threads", not(miri)))]
mod tests {
    use super::{super::*, *};
    use crate::threads::SpareThreads;

    /// Parameters, gradients and three slices of state that begin anew.
    type Numbers = [Vec<f32>; 5];

    #[test]
    fn a_step_has_the_same_bits_on_any_number_of_threads() {
        let (lr, beta1, beta2, eps, l2, decoupled, t) = (0.01, 0.9, 0.99, 1e-8, 0.01, 0.001, 3);
        type Step = Box<dyn Fn([&mut [f32]; 5])>;
        let steps: [Step; 11] = [
            Box::new(move |[p, g, a, b, _]| {
                adam(Adam { lr, beta1, beta2, eps, l2, decoupled, t }, p, g, a, b, None);
            }),
            Box::new(move |[p, g, a, b, c]| {
                adam(Adam { lr, beta1, beta2, eps, l2, decoupled, t }, p, g, a, b, Some(c));
            }),
            Box::new(move |[p, g, a, b, _]| {
                let step = NAdam { lr, beta1, beta2, eps, l2, decoupled, t, momentums: [0.8, 0.9], product: 0.7 };
                nadam(step, p, g, a, b);
            }),
            Box::new(move |[p, g, a, b, _]| radam(RAdam { lr, beta1, beta2, eps, l2, decoupled, t: 30 }, p, g, a, b)),
            Box::new(move |[p, g, a, b, _]| adamax(Adamax { lr, beta1, beta2, eps, l2, t }, p, g, a, b)),
            Box::new(move |[p, g, a, ..]| lion(Lion { lr, beta1, beta2, decoupled }, p, g, a)),
            Box::new(move |[p, g, a, ..]| {
                sgd(Sgd { lr, momentum: Some(0.9), share: 1.0, nesterov: true, l2 }, p, g, a);
            }),
            Box::new(move |[p, g, a, b, c]| {
                rmsprop(RmsProp { lr, alpha: beta2, eps, momentum: Some(0.9), l2 }, p, g, a, Some(b), c);
            }),
            Box::new(move |[p, g, a, ..]| adagrad(Adagrad { lr, lr_decay: 0.1, eps, l2, t }, p, g, a)),
            Box::new(move |[p, g, a, b, _]| adadelta(Adadelta { lr, alpha: beta2, eps, l2 }, p, g, a, b)),
            Box::new(move |[p, g, a, b, c]| {
                schedule_free(ScheduleFree { lr, beta1, beta2, eps, decay: l2, share: 0.3, t }, p, g, a, b, c);
            }),
        ];
        // No multiple of a cache line.
        let len = 3 * WORTH + 7;
        let number = |at: usize, seed: usize| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0;
        let begun: Numbers = std::array::from_fn(|slice| {
            (0..len).map(|at| if slice < 2 { number(at, slice) } else { number(at, slice).abs() }).collect()
        });
        for (index, step) in steps.iter().enumerate() {
            let on = |threads: usize| {
                let mut numbers = begun.clone();
                SpareThreads::new(threads).install(|| step(numbers.each_mut().map(|slice| &mut slice[..])));
                numbers.concat().into_iter().map(f32::to_bits).collect::<Vec<_>>()
            };
            let alone = on(1);
            assert!(alone != begun.concat().into_iter().map(f32::to_bits).collect::<Vec<_>>());
            for threads in [2, 3] {
                assert!(on(threads) == alone, "optimizer {index} on {threads} threads");
            }
        }
    }

    #[test]
    fn the_threads_are_used() {
        let (mut long, mut none) = (vec![0.0; 2 * WORTH], Vec::new());
        let calls = std::sync::atomic::AtomicUsize::new(0);
        SpareThreads::new(2).install(|| {
            on_threads([&mut long, &mut none], &[], |[long, none], gradients| {
                assert!(none.is_empty() && gradients.is_empty());
                calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                for number in long {
                    *number += 1.0;
                }
            });
        });
        assert_eq!(calls.into_inner(), 2);
        assert!(long.iter().all(|number| *number == 1.0));
    }
}
