//! Axes as a strategy sees them, whatever the types of their values.

use std::any::Any;

use super::{Position, Rule, RuleKind, number::as_number};

/// The facts about one axis: its values, and the condition under which a candidate has it.
///
/// A model-based strategy, such as a tree-structured Parzen estimator or a Gaussian process, needs no more. It reads a
/// candidate as one number an axis ([`Space::coordinates`](super::Space::coordinates)), and turns numbers back into a
/// candidate ([`Space::nearest`](super::Space::nearest)).
///
/// # Examples
/// ```
/// # use dropgrid_core::space::{Axis, Interval};
/// let lr = Interval::LogUniform(1e-4, 1e-1).info("lr");
/// assert_eq!((lr.low(), lr.high(), lr.log(), lr.step(), lr.len()), (Some(1e-4), Some(1e-1), true, None, None));
/// let batch = Axis::list([16, 32, 64]).info("batch_size");
/// assert_eq!((batch.low(), batch.log(), batch.whole(), batch.len()), (Some(16.0), true, true, Some(3)));
/// let optimizer = Axis::list(["adam", "sgd"]).info("optimizer");
/// assert_eq!((optimizer.low(), optimizer.len()), (None, Some(2)));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AxisInfo {
    /// The axis' name: the field it stands on.
    pub name: &'static str,
    /// The values that the axis can take.
    pub domain: Domain,
    /// True where each value is an architecture of its own.
    pub architecture: bool,
    /// The condition under which a candidate has the axis; none where every candidate has it.
    pub when: Option<Rule>,
    /// The values in words, the first eight of them.
    pub values: String,
}

/// The values that an axis can take, as optuna's
/// [distributions](https://optuna.readthedocs.io/en/stable/reference/distributions.html) have them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Domain {
    /// Every number of a range.
    Range {
        /// The least number.
        low: f64,
        /// The end of the range: the largest of whole numbers; other numbers stay below it.
        high: f64,
        /// True where the logarithm is uniform.
        log: bool,
        /// True where all numbers are whole.
        whole: bool,
    },
    /// A list of numbers.
    Numbers {
        /// The numbers, in the order in which a grid tries them.
        values: Vec<f64>,
        /// True where the numbers are evenly spaced in their logarithms, and not in themselves.
        log: bool,
        /// The difference of neighbours, where all have the same.
        step: Option<f64>,
        /// True where all numbers are of a whole type.
        whole: bool,
    },
    /// A list of values that are no numbers, by their `Debug` texts: layers, optimizers, switches.
    Choices(Vec<String>),
}

impl AxisInfo {
    /// The axes, each with its condition among `rules`.
    #[doc(hidden)]
    pub fn under(rules: &[Rule], mut axes: Vec<Self>) -> Vec<Self> {
        for rule in rules {
            if let RuleKind::When(axis) = rule.kind {
                axes[axis].when = Some(*rule);
            }
        }
        axes
    }

    /// Number of values, or `None` for a range.
    #[allow(clippy::len_without_is_empty, reason = "a space without values is refused before a strategy sees it")]
    pub fn len(&self) -> Option<usize> {
        match &self.domain {
            Domain::Range { .. } => None,
            Domain::Numbers { values, .. } => Some(values.len()),
            Domain::Choices(texts) => Some(texts.len()),
        }
    }

    /// The least number, or `None` for an axis of choices.
    pub fn low(&self) -> Option<f64> {
        match &self.domain {
            Domain::Range { low, .. } => Some(*low),
            Domain::Numbers { values, .. } => values.iter().copied().reduce(f64::min),
            Domain::Choices(_) => None,
        }
    }

    /// The largest number, or the end of a range; `None` for an axis of choices.
    pub fn high(&self) -> Option<f64> {
        match &self.domain {
            Domain::Range { high, .. } => Some(*high),
            Domain::Numbers { values, .. } => values.iter().copied().reduce(f64::max),
            Domain::Choices(_) => None,
        }
    }

    /// True where the logarithms of the numbers are evenly spaced or uniform.
    pub fn log(&self) -> bool {
        matches!(self.domain, Domain::Range { log: true, .. } | Domain::Numbers { log: true, .. })
    }

    /// The difference of neighbouring numbers: 1 for a range of whole numbers, none where it varies.
    pub fn step(&self) -> Option<f64> {
        match self.domain {
            Domain::Range { whole, .. } => whole.then_some(1.0),
            Domain::Numbers { step, .. } => step,
            Domain::Choices(_) => None,
        }
    }

    /// True where all numbers are whole.
    pub fn whole(&self) -> bool {
        matches!(self.domain, Domain::Range { whole: true, .. } | Domain::Numbers { whole: true, .. })
    }

    /// The coordinate of a position: the number there, or the index of a choice. `None` where the candidate does not
    /// have the axis, and for a position that the axis does not have.
    pub fn coordinate(&self, position: Position) -> Option<f64> {
        match (&self.domain, position) {
            (_, Position::Value(value)) => Some(value),
            (Domain::Numbers { values, .. }, Position::At(at)) => values.get(at).copied(),
            (Domain::Choices(texts), Position::At(at)) => (at < texts.len()).then_some(at as f64),
            (_, Position::Absent) | (Domain::Range { .. }, Position::At(_)) => None,
        }
    }
}

impl Domain {
    /// The domain of a list of values: of numbers where their type is a [`Number`](super::Number).
    pub(super) fn of<T: std::fmt::Debug + Any>(values: &[T]) -> Self {
        let numbers: Option<Vec<_>> = values.iter().map(|value| as_number(value)).collect();
        match numbers.filter(|numbers| !numbers.is_empty()) {
            Some(numbers) => {
                let (values, whole): (Vec<f64>, Vec<bool>) = numbers.into_iter().unzip();
                let (step, whole) = (step(&values), whole[0]);
                let log = step.is_none() && has_ratio(&values, whole);
                Self::Numbers { values, log, step, whole }
            }
            None => Self::Choices(values.iter().map(|value| format!("{value:?}")).collect()),
        }
    }
}

/// The difference of neighbours, where all of at least two numbers have the same but for rounding.
fn step(values: &[f64]) -> Option<f64> {
    let step = values.get(1)? - values[0];
    let rounding = |value: f64| 1e-9 * step.abs() + 4.0 * f64::EPSILON * value.abs();
    let is_even = |pair: &[f64]| (pair[1] - pair[0] - step).abs() <= rounding(pair[1]);
    (step != 0.0 && step.is_finite() && values.windows(2).all(is_even)).then_some(step)
}

/// True where each of at least three numbers is the same multiple of the one before, but for rounding: of whole
/// numbers, to the nearest one.
fn has_ratio(values: &[f64], whole: bool) -> bool {
    let &[first, _, .., last] = values else { return false };
    let log_ratio = (libm::log(last) - libm::log(first)) / (values.len() - 1) as f64;
    let even = |at: usize| libm::exp(libm::log(first) + at as f64 * log_ratio);
    let rounding = |even: f64| if whole { 0.5 + 1e-9 * even } else { 1e-9 * even };
    values.iter().enumerate().all(|(at, value)| *value > 0.0 && (value - even(at)).abs() <= rounding(even(at)))
}

/// The index of the number nearest to `to`, in logarithms where `log` is true; of equally near ones the first.
pub(super) fn nearest(values: &[f64], log: bool, to: f64) -> Option<usize> {
    let (low, high) = (values.iter().copied().reduce(f64::min)?, values.iter().copied().reduce(f64::max)?);
    let scale = |value: f64| if log { libm::log(value) } else { value };
    let to = scale(to.clamp(low, high));
    let distance = |at: &usize| (scale(values[*at]) - to).abs();
    (0..values.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::{Axis, Interval};

    #[test]
    fn lists_of_numbers_show_their_steps_and_ratios() {
        let facts = |info: AxisInfo| (info.step(), info.log(), info.whole(), info.low(), info.high());
        assert_eq!(facts(Axis::stepped(0.0, 0.5, 0.1).info("x")), (Some(0.1), false, false, Some(0.0), Some(0.5)));
        assert_eq!(facts(Axis::stepped(16, 64, 16).info("x")), (Some(16.0), false, true, Some(16.0), Some(64.0)));
        assert_eq!(facts(Axis::log_spaced(1e-4, 1e-1, 7).info("x")), (None, true, false, Some(1e-4), Some(1e-1)));
        // 1, 5, 22, 100: whole numbers are as even as their rounding leaves them.
        assert_eq!(facts(Axis::log_spaced(1, 100, 4).info("x")), (None, true, true, Some(1.0), Some(100.0)));
        assert_eq!(facts(Axis::list([3.0, 1.0, 7.5]).info("x")), (None, false, false, Some(1.0), Some(7.5)));
        assert_eq!(facts(Axis::list([0.0, 1.0, 10.0]).info("x")), (None, false, false, Some(0.0), Some(10.0)));
        assert_eq!(facts(Axis::list([0.1_f32, 0.3]).info("x")), (Some(0.3 - 0.1), false, false, Some(0.1), Some(0.3)));
        assert_eq!(facts(Axis::list([0.5]).info("x")), (None, false, false, Some(0.5), Some(0.5)));
    }

    #[test]
    fn ranges_and_choices_show_what_they_are() {
        let range = Interval::Uniform(2_u8, 9).info("x");
        assert_eq!(range.domain, Domain::Range { low: 2.0, high: 9.0, log: false, whole: true });
        assert_eq!((range.len(), range.step()), (None, Some(1.0)));
        let narrowed = Interval::from([0.5_f32, 0.25]).info("x");
        assert_eq!((narrowed.len(), narrowed.low()), (Some(2), Some(0.25)));
        let choices = Axis::list([true, false]).architecture_info("x");
        assert_eq!(choices.domain, Domain::Choices(vec!["true".to_owned(), "false".to_owned()]));
        assert!(choices.architecture);
    }

    #[test]
    fn coordinates_go_to_the_nearest_value() {
        let at = |index| Some(Position::At(index));
        let even = Axis::list([0.0, 1.0, 4.0]);
        assert_eq!([-9.0, 0.5, 2.6, f64::INFINITY].map(|to| even.snap(to)), [at(0), at(0), at(2), at(2)]);
        assert_eq!(even.snap(f64::NAN), None);
        assert_eq!(Axis::<f64>::list([]).snap(1.0), None);
        // In logarithms 4e-3 is nearer to 1e-2, in differences to 1e-3.
        let log = Axis::list([1e-3, 1e-2, 1e-1]);
        assert_eq!([4e-3, 0.0, -1.0].map(|to| log.snap(to)), [at(1), at(0), at(0)]);
        let choices = Axis::list(["a", "b"]);
        assert_eq!([-3.0, 0.4, 0.6, 7.0].map(|to| choices.snap(to)), [at(0), at(0), at(1), at(1)]);

        let value = |value| Some(Position::Value(value));
        let whole = Interval::Uniform(1, 5);
        assert_eq!([0.0, 2.4, 2.6, 5.0, 9.0].map(|to| whole.snap(to)), [1.0, 2.0, 3.0, 5.0, 5.0].map(value));
        // The end of a range is not in it, in the precision of its type.
        assert_eq!(Interval::Uniform(0.0, 1.0).snap(2.0), value(1.0_f64.next_down()));
        let single = Interval::Uniform(0.0_f32, 1.0);
        assert!(single.snap(1.0).is_some_and(|end| single.at(end) == 1.0_f32.next_down()));
        assert_eq!(single.snap(0.1), value(0.1));
        assert_eq!(single.snap(f64::NAN), None);
        assert_eq!(Interval::Uniform(0.5, 0.5).snap(0.0), value(0.5));
    }
}
