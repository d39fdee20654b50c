//! Faults of predictions, weights and the choice of a metric.

use super::worded::worded;
use crate::escape::escaped;

worded! {
/// The reason why predictions cannot be scored. Rows are numbered from 1, classes and columns from 0.
#[derive(Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScoringError {
    /// There is not one prediction for each thing that is known.
    #[error("{found} {what} for {rows} rows of {width}")]
    Length {
        /// Their kind: predicted labels, probabilities.
        what: &'static str,
        /// Their number.
        found: usize,
        /// Rows of the truth.
        rows: usize,
        /// The number that a row takes.
        width: usize,
    },
    /// The truth does not divide into rows.
    #[error("{found} true {what} do not divide into rows of {width}")]
    Truth {
        /// Their kind.
        what: &'static str,
        /// Their number.
        found: usize,
        /// The number that a row takes.
        width: usize,
    },
    /// No metric of the search has this name.
    #[error(
        "no metric is called `{name}`{}",
        nearest.as_ref().map_or_else(
            || ": nothing has been scored".to_owned(),
            |nearest| format!(", did you mean `{nearest}`? the metrics are {}", known.join(", "))
        )
    )]
    UnknownMetric {
        /// The name.
        name: String,
        /// The metric whose name is nearest to it.
        nearest: Option<String>,
        /// The metrics of the search.
        known: Vec<String>,
    },
    /// Fewer than two classes.
    #[error("{classes} class{}: class labels are scored among at least 2", if *classes == 1 { "" } else { "es" })]
    TooFewClasses {
        /// Classes.
        classes: usize,
    },
    /// A probability is outside [0, 1] or not a number.
    #[error("row {row}, column {column}: {value} is not a probability")]
    Probability {
        /// Row number, from 1.
        row: usize,
        /// Class or flag, from 0.
        column: usize,
        /// The value.
        value: f64,
    },
    /// A truth, a score or a predicted value is NaN or infinite.
    #[error("row {row}, column {column}: the {what} {value} is not finite")]
    NotFinite {
        /// Truth, score or prediction.
        what: &'static str,
        /// Row number, from 1.
        row: usize,
        /// Class or output, from 0.
        column: usize,
        /// The value.
        value: f64,
    },
    /// A sample weight is negative, NaN or infinite.
    #[error("row {row}: weight {value} is not a finite number of at least 0")]
    Weight {
        /// Row number, from 1.
        row: usize,
        /// The weight.
        value: f64,
    },
    /// Every sample weight is 0.
    #[error("all {rows} weights are 0")]
    ZeroWeights {
        /// Rows.
        rows: usize,
    },
    /// Two metrics of a search have the same name, by which columns of scores are told apart.
    #[error(
        "two metrics are named {metric}, but columns of scores are told apart by name: leave one out, or rename it"
    )]
    SameName {
        /// The name.
        metric: String,
    },
    /// The metric needs something that these predictions do not have.
    #[error("{metric} needs {needs}, but there are only {given}", metric = escaped(metric))]
    Needs {
        /// The metric.
        metric: String,
        /// The form of predictions that it needs.
        needs: &'static str,
        /// The form of the predictions.
        given: &'static str,
    },
    /// The metric is one of two classes.
    #[error("{metric} is for 2 classes, here are {classes}; average over classes instead", metric = escaped(metric))]
    NotBinary {
        /// The metric.
        metric: String,
        /// Classes.
        classes: usize,
    },
    /// The metric is about a class that the data has not.
    #[error("{metric} is about class {class}, but the classes are 0..{classes}", metric = escaped(metric))]
    NoSuchClass {
        /// The metric.
        metric: String,
        /// The class asked for.
        class: usize,
        /// Classes.
        classes: usize,
    },
    /// The metric is of one output.
    #[error("{metric} is for one output, here are {outputs}", metric = escaped(metric))]
    ManyOutputs {
        /// The metric.
        metric: String,
        /// Outputs.
        outputs: usize,
    },
    /// The metric weighs outputs, and there is but one.
    #[error("{metric} weighs outputs, but here is only one", metric = escaped(metric))]
    OneOutput {
        /// The metric.
        metric: String,
    },
    /// The metric has another number of output weights than there are outputs.
    #[error("{metric} has {weights} output weights for {outputs} outputs", metric = escaped(metric))]
    OutputWeights {
        /// The metric.
        metric: String,
        /// Weights given.
        weights: usize,
        /// Outputs.
        outputs: usize,
    },
    /// The probabilities of a row do not sum to 1.
    #[error("{metric} needs probabilities that sum to 1, but those of row {row} sum to {sum}", metric = escaped(metric))]
    RowSum {
        /// The metric.
        metric: String,
        /// Row number, from 1.
        row: usize,
        /// The sum.
        sum: f64,
    },
    /// The deciding metric is undefined for the rows that a fold scores, so that no candidate could have a mean score.
    #[error(
        "{metric} decides, but is undefined on fold {fold}, whatever is predicted: {reason}; choose other folds, or name \
         another metric first",
        metric = escaped(metric),
        reason = escaped(reason)
    )]
    UndefinedOnFold {
        /// The metric.
        metric: String,
        /// The fold, from 0.
        fold: usize,
        /// The reason.
        reason: String,
    },
    /// A value is outside the metric's domain.
    #[error("{metric}: row {row}, the {what} is {value}, expected {expected}", metric = escaped(metric))]
    Domain {
        /// The metric.
        metric: String,
        /// Truth or prediction.
        what: &'static str,
        /// Row number, from 1.
        row: usize,
        /// The value.
        value: f64,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// An error that a study remembers by its words.
    #[error("{message}", message = escaped(message))]
    Recorded {
        /// Its message.
        message: String,
    },
}
}
