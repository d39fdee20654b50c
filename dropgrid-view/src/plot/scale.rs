//! Scales from numbers to places between 0 and 1, with their ticks.

use serde_json::{Value, json};

use crate::number::{brief, whole};

/// A place on a scale, and its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: String,
}

/// A scale of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) log: bool,
}

impl Scale {
    /// A scale over all finite numbers, with a little room at its ends. It is logarithmic where that is asked for and
    /// all numbers are positive.
    pub(super) fn over(numbers: impl IntoIterator<Item = f64>, log: bool) -> Option<Self> {
        let ends = |(low, high): (f64, f64), number: f64| (low.min(number), high.max(number));
        let finite = numbers.into_iter().filter(|number| number.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), ends);
        (low <= high).then(|| Self::between(low, high, log).padded())
    }

    /// A scale over the numbers without those that lie far from all others: beyond three times the range of the middle
    /// half. Also returns how many lie outside.
    pub(super) fn robust(numbers: impl IntoIterator<Item = f64>) -> Option<(Self, usize)> {
        let mut sorted: Vec<f64> = numbers.into_iter().filter(|number| number.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let (&first, &last) = (sorted.first()?, sorted.last()?);
        let (low, high) = (sorted[sorted.len() / 4], sorted[sorted.len() * 3 / 4]);
        let fence = 3.0 * (high - low);
        if fence <= 0.0 || sorted.len() < 8 {
            return Some((Self::between(first, last, false).padded(), 0));
        }
        let inside = |number: &&f64| (low - fence..=high + fence).contains(*number);
        let kept: Vec<f64> = sorted.iter().filter(inside).copied().collect();
        Some((Self::over(kept.iter().copied(), false)?, sorted.len() - kept.len()))
    }

    pub(super) fn between(low: f64, high: f64, log: bool) -> Self {
        let log = log && low > 0.0;
        if low < high {
            return Self { low, high, log };
        }
        let room = if low == 0.0 { 1.0 } else { low.abs() * 0.05 };
        Self { low: low - room, high: high + room, log: log && low > room }
    }

    fn padded(self) -> Self {
        const ROOM: f64 = 0.04;
        let (low, high) = (self.forward(self.low), self.forward(self.high));
        let room = (high - low) * ROOM;
        Self { low: self.back(low - room), high: self.back(high + room), ..self }
    }

    fn forward(self, number: f64) -> f64 {
        if self.log { number.ln() } else { number }
    }

    fn back(self, number: f64) -> f64 {
        if self.log { number.exp() } else { number }
    }

    /// The place of a number, which is at an end of the scale where the number is beyond it.
    pub(super) fn at(self, number: f64) -> f64 {
        let (low, high) = (self.forward(self.low), self.forward(self.high));
        let at = (self.forward(number) - low) / (high - low);
        if at.is_nan() { 0.0 } else { at.clamp(0.0, 1.0) }
    }

    /// The scale for a script: its ends, and their heights in a picture.
    pub(super) fn for_script(self, bottom: f64, top: f64, none: Option<f64>) -> Value {
        json!({ "low": self.low, "high": self.high, "log": self.log, "bottom": bottom, "top": top, "none": none })
    }

    /// Round numbers on the scale, about `count` of them.
    pub(super) fn ticks(self, count: usize) -> Vec<Tick> {
        let tick = |number: f64| Tick { at: self.at(number), label: brief(number) };
        let numbers = if self.log && self.high / self.low > 30.0 { self.decades(count) } else { self.even(count) };
        numbers.into_iter().map(tick).collect()
    }

    fn even(self, count: usize) -> Vec<f64> {
        let rough = (self.high - self.low) / count.max(1) as f64;
        let power = 10_f64.powi(rough.log10().floor() as i32);
        // The round step whose ticks come nearest to the wanted number.
        let off = |step: f64| ((self.high - self.low) / step - count as f64).abs();
        let steps = [1.0, 2.0, 5.0, 10.0].map(|it| it * power);
        let step = steps.into_iter().min_by(|&a, &b| off(a).total_cmp(&off(b))).unwrap_or(rough);
        // Rounded to the step's own digits: 0.30000000000000004 is 0.3.
        let decimals = whole((-step.log10().floor()).min(15.0));
        let clean = |number: f64| format!("{number:.decimals$}").parse().unwrap_or(number);
        let first = (self.low / step).ceil();
        let all = (0..64).map(|at| (first + f64::from(at)) * step).take_while(|&it| it <= self.high + step * 1e-9);
        all.map(clean).collect()
    }

    fn decades(self, count: usize) -> Vec<f64> {
        let (first, last) = (self.low.log10().ceil() as i32, self.high.log10().floor() as i32);
        let every = whole((f64::from(last - first + 1) / count.max(1) as f64).ceil()).max(1);
        (first..=last).step_by(every).map(|power| 10_f64.powi(power)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, count: usize) -> Vec<String> {
        scale.ticks(count).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(Scale::between(0.93, 0.985, false), 5), ["0.93", "0.94", "0.95", "0.96", "0.97", "0.98"]);
        assert_eq!(labels(Scale::between(-0.1, 0.5, false), 4), ["0", "0.2", "0.4"]);
        assert_eq!(labels(Scale::between(1e-4, 1e-1, true), 5), ["0.0001", "0.001", "0.01", "0.1"]);
        assert_eq!(labels(Scale::between(1e-12, 1.0, true), 4).len(), 4);
        assert_eq!(labels(Scale::between(2.0, 9.0, true), 4), ["2", "4", "6", "8"]);
    }

    #[test]
    fn places_are_within_the_scale() {
        let scale = Scale::over([1.0, f64::NAN, 3.0, f64::INFINITY], false).expect("numbers");
        assert!(scale.low < 1.0 && scale.high > 3.0 && scale.high < 4.0);
        assert_eq!((scale.at(-9.0), scale.at(9.0), scale.at(f64::NAN)), (0.0, 1.0, 0.0));
        assert!((scale.at(2.0) - 0.5).abs() < 1e-12);
        assert_eq!(Scale::over([f64::NAN], true), None);
        // One number, and numbers that have no logarithm.
        assert!((Scale::over([0.5], true).expect("a number").at(0.5) - 0.5).abs() < 0.1);
        assert!(!Scale::over([0.0, 1.0], true).expect("numbers").log);
    }

    #[test]
    fn a_number_far_from_all_others_does_not_hide_them() {
        let mut numbers: Vec<f64> = (0..20).map(f64::from).collect();
        numbers.push(1e9);
        let (scale, outside) = Scale::robust(numbers).expect("numbers");
        assert!(scale.high < 30.0 && outside == 1);
        assert_eq!(Scale::robust([1.0, 1e9]).expect("numbers").1, 0);
    }
}
