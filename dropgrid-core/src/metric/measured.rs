//! A score and its warnings.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The result of a metric: a number, and the warnings that scikit-learn would give while computing it.
///
/// An undefined metric has the number that scikit-learn gives, NaN for most, and a warning says why.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Measured {
    /// The score.
    pub value: f64,
    /// The warnings about it; empty for most.
    pub warnings: Vec<Warning>,
}

impl Measured {
    pub(super) fn undefined(warning: Warning) -> Self {
        Self { value: f64::NAN, warnings: vec![warning] }
    }

    /// The first warning of a score that is no number.
    pub(super) fn reason(self) -> Option<Warning> {
        self.warnings.into_iter().next().filter(|_| self.value.is_nan())
    }
}

impl From<f64> for Measured {
    fn from(value: f64) -> Self {
        Self { value, warnings: Vec::new() }
    }
}

/// A peculiarity of the predictions by which a score means less than it seems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Warning {
    /// All rows are of one side, so nothing can be ranked.
    OneClass {
        /// The class or flag that is ranked against the rest; `None` where it is all of them.
        class: Option<usize>,
        /// True where all rows have it, false where none has it.
        positive: bool,
    },
    /// No row has the class or flag, so there is no recall of it.
    NoPositive {
        /// The class or flag; `None` where it is all of them.
        class: Option<usize>,
    },
    /// A ratio is 0/0 and counts as 0.
    ZeroDivision {
        /// The quantity that is missing.
        support: Support,
        /// The classes, flags or rows of the ratio.
        place: Place,
    },
    /// No row, or none that weighs anything, is of a class that is predicted; it is left out of the average.
    LeftOut {
        /// The class.
        class: usize,
    },
    /// No row is predicted as class 1 by mistake, which a positive likelihood ratio divides by.
    NoFalsePositive,
    /// No row is predicted as class 0 rightly, which a negative likelihood ratio divides by.
    NoTrueNegative,
    /// Truth and prediction have one class only, and the same.
    OneLabel,
    /// Fewer rows than the metric is defined for.
    TooFewRows {
        /// Rows scored.
        rows: usize,
        /// Rows needed.
        needed: usize,
    },
    /// Every row is right, whatever the prediction.
    EveryClassCounts {
        /// Guesses allowed.
        k: usize,
        /// Classes.
        classes: usize,
    },
    /// The probabilities of a row do not sum to 1; the first such row.
    RowSum {
        /// Row number, from 1.
        row: usize,
        /// The sum.
        sum: f64,
    },
}

/// The quantity that is 0 in the denominator of a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Support {
    /// Predicted rows: precision.
    Predicted,
    /// True rows: recall.
    True,
    /// Neither: F-scores.
    TrueNorPredicted,
}

/// The classes, flags or rows whose ratio is 0/0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// These classes or flags.
    Classes(Vec<usize>),
    /// So many rows.
    Rows(usize),
    /// All classes or flags together.
    Everywhere,
}

impl Warning {
    /// The warning in words, with the names of classes or flags in place of their numbers.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::Warning;
    /// let warning = Warning::NoPositive { class: Some(1) };
    /// let names = ["no", "yes"].map(str::to_owned);
    /// assert_eq!(warning.to_string(), "no row is of class 1: its recall is undefined");
    /// assert_eq!(warning.with_names(&names).to_string(), "no row is of class `yes`: its recall is undefined");
    /// ```
    pub fn with_names<'a>(&'a self, names: &'a [String]) -> impl fmt::Display + 'a {
        Named { warning: self, names }
    }
}

/// A warning, and the names of the classes or flags; none where they have numbers only.
struct Named<'a> {
    warning: &'a Warning,
    names: &'a [String],
}

impl Named<'_> {
    fn class(&self, class: usize) -> String {
        self.names.get(class).map_or_else(|| class.to_string(), |name| format!("`{name}`"))
    }

    fn classes(&self, classes: &[usize]) -> String {
        classes.iter().map(|&class| self.class(class)).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Named { warning: self, names: &[] }.fmt(f)
    }
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.warning {
            Warning::OneClass { class, positive } => {
                let rows = if *positive { "every row" } else { "no row" };
                match class {
                    Some(class) => write!(f, "{rows} is of class {}: nothing to rank", self.class(*class)),
                    None => write!(f, "the truth is the same everywhere: nothing to rank"),
                }
            }
            Warning::NoPositive { class: Some(class) } => {
                write!(f, "no row is of class {}: its recall is undefined", self.class(*class))
            }
            Warning::NoPositive { class: None } => write!(f, "no row is positive: recall is undefined"),
            Warning::ZeroDivision { support, place } => {
                let what = match support {
                    Support::Predicted => "predicted",
                    Support::True => "true",
                    Support::TrueNorPredicted => "true or predicted",
                };
                match place {
                    Place::Classes(classes) => {
                        write!(f, "no {what} rows of class {}: 0/0 counts as 0", self.classes(classes))
                    }
                    Place::Rows(rows) => write!(f, "{rows} rows with no {what} flag: 0/0 counts as 0"),
                    Place::Everywhere => write!(f, "no {what} rows: 0/0 counts as 0"),
                }
            }
            Warning::LeftOut { class } => {
                write!(f, "class {} is left out: no row of any weight is of it", self.class(*class))
            }
            Warning::NoFalsePositive => write!(f, "no row is a false positive: the ratio is undefined"),
            Warning::NoTrueNegative => write!(f, "no row is a true negative: the ratio is undefined"),
            Warning::OneLabel => write!(f, "truth and prediction are one and the same class everywhere"),
            Warning::TooFewRows { rows, needed } => write!(f, "{rows} row scored, but at least {needed} are needed"),
            Warning::EveryClassCounts { k, classes } => {
                write!(f, "the best {k} of {classes} classes are always right")
            }
            Warning::RowSum { row, sum } => write!(f, "the probabilities of row {row} sum to {sum}"),
        }
    }
}
