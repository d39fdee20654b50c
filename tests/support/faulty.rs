//! A layer that fails on demand.

use dropgrid::{Tunable, nn::Range};

use super::own_layer::own_layer;

/// Panics while training at a rate above 0.5, and gives infinities at a rate of 0.5.
#[derive(Debug, Clone, Default)]
pub(super) struct Faulty {
    rate: f64,
}

impl Tunable for Faulty {
    const SETTING: &'static str = "rate";
    const RANGE: Range = Range { low: 0.0, high: 1.0, closed: true, text: "[0, 1]" };

    fn tune(&mut self, value: f64) {
        self.rate = value;
    }
}

own_layer!(Faulty, |layer, input| train: {
    assert!(layer.rate <= 0.5, "the rate is {}", layer.rate);
    if layer.rate == 0.5 { input * f32::INFINITY } else { input }
}, evaluate: input);
