//! The time that fits of each architecture take, and what is left of a search.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// The measured times of fits by architecture.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The hyperparameters whose values make an architecture.
    names: Vec<String>,
    /// The number of architectures.
    count: usize,
    workers: usize,
    /// The finished fits of each architecture, and their seconds.
    times: Vec<(usize, f64)>,
    /// The places of architectures in `times`, by their values and by candidate: a candidate is read once.
    places: HashMap<String, usize>,
    of_candidate: HashMap<u64, usize>,
}

impl Pace {
    pub(super) fn new(names: Vec<String>, count: usize, workers: usize) -> Self {
        Self { names, count: count.max(1), workers: workers.max(1), ..Self::default() }
    }

    /// Adds a fit of a candidate, which is given as its number and as JSON.
    pub(super) fn add(&mut self, candidate: u64, params: &str, seconds: f64) {
        let place = if self.names.is_empty() { 0 } else { self.place(candidate, params) };
        if place == self.times.len() {
            self.times.push((0, 0.0));
        }
        let (fits, sum) = &mut self.times[place];
        (*fits, *sum) = (*fits + 1, *sum + seconds);
    }

    fn place(&mut self, candidate: u64, params: &str) -> usize {
        if let Some(place) = self.of_candidate.get(&candidate) {
            return *place;
        }
        let fields: Map<String, Value> = serde_json::from_str(params).unwrap_or_default();
        let values = self.names.iter().map(|name| fields.get(name).map(Value::to_string).unwrap_or_default());
        let new = self.places.len();
        let place = *self.places.entry(values.collect::<Vec<_>>().join(" ")).or_insert(new);
        self.of_candidate.insert(candidate, place);
        place
    }

    /// The seconds that are left of so many fits. Each architecture has as many of them as the others; one that has no
    /// fit yet takes as long as the mean of those that have.
    pub(super) fn left(&self, planned: usize) -> Option<f64> {
        let done: usize = self.times.iter().map(|(fits, _)| fits).sum();
        let means: Vec<f64> = self.times.iter().map(|(fits, seconds)| seconds / *fits as f64).collect();
        let count = self.count.max(means.len());
        let mean = means.iter().sum::<f64>() / means.len() as f64;
        let of_each = planned as f64 / count as f64;
        let begun = self.times.iter().zip(&means).map(|((fits, _), mean)| (of_each - *fits as f64).max(0.0) * mean);
        let seconds = begun.sum::<f64>() + (count - means.len()) as f64 * of_each * mean;
        // Strategies that prefer an architecture leave others behind their part: the rest is what is left at all.
        let weights: f64 = self.times.iter().map(|(fits, _)| (of_each - *fits as f64).max(0.0)).sum::<f64>()
            + (count - means.len()) as f64 * of_each;
        let rest = planned.saturating_sub(done) as f64;
        let scale = if weights > 0.0 { rest / weights } else { 0.0 };
        (done > 0).then_some(seconds * scale / self.workers as f64)
    }
}

/// The hyperparameters of a candidate, which is given as JSON, in words: `dropout 0.2, act ReLU`.
pub(super) fn words(params: &str) -> String {
    let fields: Map<String, Value> = serde_json::from_str(params).unwrap_or_default();
    let word = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name} {text}"),
        Value::Number(number) if number.is_f64() => format!("{name} {}", rounded(number.as_f64().unwrap_or(f64::NAN))),
        value => format!("{name} {value}"),
    };
    fields.iter().filter(|(_, value)| !value.is_null()).map(word).collect::<Vec<_>>().join(", ")
}

/// A number with four significant digits.
fn rounded(number: f64) -> f64 {
    format!("{number:.3e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_that_of_the_architectures_that_are_left() {
        let mut pace = Pace::new(vec!["width".to_owned()], 2, 2);
        assert_eq!(pace.left(20), None);
        for _ in 0..10 {
            pace.add(1, "{\"width\":32,\"lr\":0.1}", 1.0);
        }
        // Nothing is known of the other architecture.
        assert_eq!(pace.left(20), Some(5.0));
        pace.add(2, "{\"width\":512,\"lr\":0.1}", 8.0);
        assert_eq!(pace.left(20), Some(9.0 * 8.0 / 2.0));
        for _ in 0..9 {
            pace.add(2, "{\"width\":512,\"lr\":0.1}", 8.0);
        }
        assert_eq!(pace.left(20), Some(0.0));
    }

    #[test]
    fn a_strategy_that_prefers_an_architecture_has_something_left() {
        let mut pace = Pace::new(vec!["width".to_owned()], 2, 1);
        (0..15).for_each(|at| pace.add(at, "{\"width\":32}", 1.0));
        pace.add(15, "{\"width\":64}", 3.0);
        // Nine of the other are missing from an even share, and four fits from the whole.
        assert_eq!(pace.left(20), Some(12.0));
    }

    #[test]
    fn candidates_are_said_in_words() {
        let params = "{\"width\":64,\"act\":\"ReLU\",\"lr\":0.0030817492,\"momentum\":null}";
        assert_eq!(words(params), "act ReLU, lr 0.003082, width 64");
        assert_eq!(words("?"), "");
    }
}
