//! Metrics by position and by name.

use crate::{
    error::{Result, ScoringError},
    record::MetricInfo,
};

/// A metric of a search, by its position or by its name. The deciding metric has position 0.
///
/// A position gives the value itself, and panics where the search has no such metric, as an index of a slice does. A
/// name gives a [`Result`]: where no metric has it, [`ScoringError::UnknownMetric`] names the nearest one.
///
/// # Examples
/// ```
/// # use dropgrid_core::{Result, report::Candidate};
/// # fn check<P>(candidate: &Candidate<P>) -> Result<()> {
/// let deciding: f64 = candidate.mean(0);
/// let accuracy: f64 = candidate.mean("accuracy")?;
/// # Ok(())
/// # }
/// ```
pub trait MetricRef: sealed::Sealed {
    /// `T` for a position, `Result<T>` for a name.
    type Value<T>;

    #[doc(hidden)]
    fn pick<T>(self, metrics: &[MetricInfo], value: impl FnOnce(usize) -> T) -> Self::Value<T>;
}

impl MetricRef for usize {
    type Value<T> = T;

    fn pick<T>(self, _metrics: &[MetricInfo], value: impl FnOnce(usize) -> T) -> T {
        value(self)
    }
}

impl MetricRef for &str {
    type Value<T> = Result<T>;

    fn pick<T>(self, metrics: &[MetricInfo], value: impl FnOnce(usize) -> T) -> Result<T> {
        match metrics.iter().position(|metric| metric.name == self) {
            Some(position) => Ok(value(position)),
            None => {
                let known: Vec<String> = metrics.iter().map(|metric| metric.name.clone()).collect();
                let nearest = known.iter().min_by_key(|known| distance(self, known)).cloned();
                Err(ScoringError::UnknownMetric { name: self.to_owned(), nearest, known }.into())
            }
        }
    }
}

mod sealed {
    #[allow(unnameable_types, reason = "so that nobody else implements it")]
    pub trait Sealed {}

    impl Sealed for usize {}
    impl Sealed for &str {}
}

/// [Levenshtein's distance](https://en.wikipedia.org/wiki/Levenshtein_distance) in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substitution = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Direction;

    #[test]
    fn a_metric_is_found_by_its_name_or_the_nearest_is_told() {
        let metric = |name: &str| MetricInfo { name: name.to_owned(), direction: Direction::Maximize };
        let metrics = [metric("accuracy"), metric("log_loss")];
        assert_eq!(1.pick(&metrics, |at| at), 1);
        assert_eq!("log_loss".pick(&metrics, |at| at).expect("a metric"), 1);
        let error = "logloss".pick(&metrics, |at| at).unwrap_err().to_string();
        assert_eq!(error, "no metric is called `logloss`, did you mean `log_loss`? the metrics are accuracy, log_loss");
        let none = "accuracy".pick(&[], |at| at).unwrap_err().to_string();
        assert_eq!(none, "no metric is called `accuracy`: nothing has been scored");
    }
}
