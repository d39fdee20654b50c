//! The places of a hyperparameter's values.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::scale::{Scale, Tick};
use crate::{Axis, Candidate, Domain, number};

/// The least distance of neighbouring numbers that a picture shows in proportion.
const APART: f64 = 0.055;
/// The most numbers that count as levels.
const LEVELS: usize = 16;

/// The places of a hyperparameter's values between 0 and 1.
#[derive(Debug, Clone)]
pub(super) struct AxisScale {
    numbers: Option<Scale>,
    /// The place of each level by its JSON.
    levels: HashMap<String, usize>,
    /// The value of each level, as text.
    labels: Vec<String>,
    places: Vec<f64>,
    /// The place of candidates without the hyperparameter, where there are any.
    absent: Option<f64>,
}

impl AxisScale {
    /// The scale of the axis at `at`, for these candidates.
    pub(super) fn of<'a>(axis: &Axis, at: usize, candidates: impl Iterator<Item = &'a Candidate> + Clone) -> Self {
        let values = candidates.filter_map(|candidate| candidate.params.get(at));
        let has_absent = values.clone().any(Value::is_null);
        let mut known = match &axis.domain {
            Domain::Range { .. } => Vec::new(),
            Domain::Levels { values, .. } => values.clone(),
        };
        let mut levels: HashMap<String, usize> =
            known.iter().enumerate().map(|(at, value)| (value.to_string(), at)).collect();
        for value in values.clone().filter(|value| !value.is_null()) {
            // Levels that the domain does not name: a strategy may go on from an earlier search.
            if !matches!(axis.domain, Domain::Range { .. }) && !levels.contains_key(&value.to_string()) {
                levels.insert(value.to_string(), known.len());
                known.push(value.clone());
            }
        }
        let finite = |value: &Value| value.as_f64().filter(|number| number.is_finite());
        let all_numbers = || -> Option<Vec<f64>> { known.iter().map(finite).collect() };
        let log = axis.domain.is_log();
        let inner = |at: f64| if has_absent { 0.14 + 0.86 * at } else { at };
        let absent = has_absent.then_some(0.03);
        if let Domain::Range { .. } = axis.domain {
            let numbers = Scale::over(values.filter_map(finite), log);
            return Self { numbers, levels: HashMap::new(), labels: Vec::new(), places: Vec::new(), absent };
        }
        let labels: Vec<String> = known.iter().map(number::value).collect();
        let even = |at: usize| (at as f64 + 0.5) / known.len().max(1) as f64;
        let proportional = all_numbers().filter(|numbers| numbers.len() > 1).and_then(|numbers| {
            let scale = Scale::over(numbers.iter().copied(), log)?;
            let mut places: Vec<f64> = numbers.iter().map(|&number| scale.at(number)).collect();
            places.sort_by(f64::total_cmp);
            let is_apart = places.windows(2).all(|pair| pair[1] - pair[0] >= APART) || numbers.len() > LEVELS;
            is_apart.then_some((scale, numbers))
        });
        match proportional {
            Some((scale, numbers)) => {
                // Levels stand a little away from the ends, where their dots have room.
                let place = |number: f64| {
                    if numbers.len() > LEVELS { scale.at(number) } else { 0.03 + 0.94 * scale.at(number) }
                };
                let places = numbers.iter().map(|&number| inner(place(number))).collect();
                Self { numbers: (numbers.len() > LEVELS).then_some(scale), levels, labels, places, absent }
            }
            None => {
                let places = (0..known.len()).map(|at| inner(even(at))).collect();
                Self { numbers: None, levels, labels, places, absent }
            }
        }
    }

    /// The place of a value; `None` where it has none.
    pub(super) fn at(&self, value: &Value) -> Option<f64> {
        if value.is_null() {
            return self.absent;
        }
        if let Some(&level) = self.levels.get(&value.to_string()) {
            return self.places.get(level).copied();
        }
        let inner = |at: f64| if self.absent.is_some() { 0.14 + 0.86 * at } else { at };
        Some(inner(self.numbers?.at(value.as_f64()?)))
    }

    /// The scale for a script, by the height in a picture of each place: of numbers the ends with their heights, of
    /// levels each with its own, and the height of candidates without the hyperparameter.
    pub(super) fn for_script(&self, height: impl Fn(f64) -> f64) -> Value {
        let none = self.absent.map(&height);
        match self.numbers {
            Some(scale) => {
                let inner = |at: f64| if none.is_some() { 0.14 + 0.86 * at } else { at };
                scale.for_script(height(inner(0.0)), height(inner(1.0)), none)
            }
            None => {
                let levels = self.labels.iter().zip(self.places.iter().map(|&place| height(place)));
                json!({ "levels": levels.collect::<Vec<_>>(), "none": none })
            }
        }
    }

    /// The level of a value, where the axis has levels that are few enough to count.
    pub(super) fn level(&self, value: &Value) -> Option<usize> {
        self.levels.get(&value.to_string()).copied().filter(|_| self.has_levels())
    }

    /// True where the axis has few values, each with a place of its own.
    pub(super) fn has_levels(&self) -> bool {
        self.numbers.is_none()
    }

    pub(super) fn labels(&self) -> &[String] {
        &self.labels
    }

    pub(super) fn places(&self) -> &[f64] {
        &self.places
    }

    /// The ticks: the levels, or round numbers.
    pub(super) fn ticks(&self, count: usize) -> Vec<Tick> {
        let absent = self.absent.map(|at| Tick { at, label: "none".to_owned() });
        let inner = |at: f64| if absent.is_some() { 0.14 + 0.86 * at } else { at };
        let others: Vec<Tick> = match self.numbers {
            Some(scale) => scale.ticks(count).into_iter().map(|tick| Tick { at: inner(tick.at), ..tick }).collect(),
            None => {
                self.places.iter().zip(&self.labels).map(|(&at, label)| Tick { at, label: label.clone() }).collect()
            }
        };
        absent.clone().into_iter().chain(others).collect()
    }
}
