//! `#[searchable(tests)]` writes tests that pass for a sound model, and `testing::check` finds what is wrong.

#[path = "support/own_layer.rs"]
mod own_layer;

use dropgrid::{prelude::*, testing};

use own_layer::own_layer;

/// Its tests run with this file's own: five promises for each of four architectures, and the ranges.
#[searchable(tests)]
struct Sound<#[grid(4, 8)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<3, HIDDEN>, Act),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    #[grid(momentum: 0.05, 0.1)]
    norm: BatchNorm1D<HIDDEN>,
    output: Linear<HIDDEN, 2>,
}

#[test]
fn a_sound_model_passes() {
    testing::check::<Sound>();
}

#[derive(Debug, Clone, Default)]
struct Frozen;

#[derive(Debug, Clone, Default)]
struct Noisy;

#[derive(Debug, Clone, Default)]
struct Deaf;

own_layer!(Frozen, |_layer, input| train: input * 0.0, evaluate: input);
own_layer!(Noisy, |_layer, input| train: input, evaluate: input * next());
own_layer!(Deaf, |_layer, input| train: input, evaluate: input * 0.0);

/// Another number at each call.
fn next() -> f32 {
    use std::sync::atomic::{AtomicU16, Ordering};
    static CALLS: AtomicU16 = AtomicU16::new(1);
    f32::from(CALLS.fetch_add(1, Ordering::Relaxed))
}

#[searchable]
struct WithFrozen {
    hidden: Linear<3, 4>,
    frozen: Frozen,
    #[grid(0.5)]
    dropout: Dropout,
    output: Linear<4, 2>,
}

#[searchable]
struct WithNoisy {
    noisy: Noisy,
    output: Linear<3, 2>,
}

#[searchable]
struct WithDeaf {
    output: Linear<3, 2>,
    deaf: Deaf,
}

#[test]
#[should_panic(expected = "WithFrozenParams { dropout: 0.5 }: training does not change `hidden.weight`")]
fn a_layer_that_learns_nothing_is_found() {
    testing::check::<WithFrozen>();
}

#[test]
#[should_panic(expected = "a dropout has a rate above 0, but two training passes are equal")]
fn dropout_that_drops_nothing_is_found() {
    testing::training_is_random::<WithFrozen>(0);
}

#[test]
#[should_panic(expected = "WithNoisyParams: two evaluation passes of one network differ")]
fn an_evaluation_that_does_not_repeat_itself_is_found() {
    testing::evaluation_repeats_itself::<WithNoisy>(0);
}

#[test]
#[should_panic(expected = "50 steps take the loss on a batch from")]
fn a_loss_that_does_not_fall_is_found() {
    testing::training_lowers_the_loss::<WithDeaf>(0);
}
