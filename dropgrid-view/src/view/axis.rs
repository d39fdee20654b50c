//! Hyperparameters and the values that they can take.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A hyperparameter of the search.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// The name.
    pub name: String,
    /// The values that it can take.
    pub domain: Domain,
}

/// The values that a hyperparameter can take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Domain {
    /// Every number of a range.
    Range {
        /// The least number.
        low: f64,
        /// The end of the range.
        high: f64,
        /// True where the logarithm is uniform.
        log: bool,
        /// True where all numbers are whole.
        whole: bool,
    },
    /// A list of values.
    Levels {
        /// The values in the order of the space.
        values: Vec<Value>,
        /// True where numbers are evenly spaced in their logarithms.
        log: bool,
    },
}

impl Axis {
    /// True of a number whose name is that of a dropout rate.
    pub(crate) fn is_dropout_rate(&self) -> bool {
        self.domain.is_numeric() && self.name.to_lowercase().contains("drop")
    }
}

impl Default for Domain {
    fn default() -> Self {
        Self::Levels { values: Vec::new(), log: false }
    }
}

impl Domain {
    /// A list of values. At least three positive numbers of which each is the same multiple of the one before are even
    /// in their logarithms.
    pub fn levels(values: impl IntoIterator<Item = Value>) -> Self {
        let values: Vec<Value> = values.into_iter().collect();
        let numbers: Option<Vec<f64>> = values.iter().map(Value::as_f64).collect();
        let log = numbers.is_some_and(|numbers| has_ratio(&numbers));
        Self::Levels { values, log }
    }

    /// The values of a list in the order of the space.
    pub fn values(&self) -> &[Value] {
        if let Self::Levels { values, .. } = self { values } else { &[] }
    }

    /// True where numbers are even in their logarithms.
    pub fn is_log(&self) -> bool {
        let (Self::Range { log, .. } | Self::Levels { log, .. }) = self;
        *log
    }

    /// True where every value is a number.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Range { .. }) || !self.values().is_empty() && self.values().iter().all(Value::is_number)
    }
}

/// True where each of at least three positive numbers is the same multiple of the one before, to five in a hundred.
fn has_ratio(numbers: &[f64]) -> bool {
    let &[first, second, _, ..] = numbers else { return false };
    let even = |pair: &[f64]| (pair[1].ln() - pair[0].ln() - (second.ln() - first.ln())).abs() < 0.05;
    numbers.iter().all(|&number| number > 0.0) && second > first && numbers.windows(2).all(even)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_multiples_are_logarithmic() {
        let is_log = |numbers: &[f64]| Domain::levels(numbers.iter().map(|&number| number.into())).is_log();
        assert!(is_log(&[1e-3, 1e-2, 1e-1]) && is_log(&[16.0, 32.0, 64.0]));
        assert!(!is_log(&[0.1, 0.2, 0.3]) && !is_log(&[0.0, 1.0, 10.0]) && !is_log(&[1.0, 10.0]));
        assert!(!Domain::levels(["a".into(), "b".into()]).is_numeric());
    }
}
