//! The results as data, under scikit-learn's names.

use std::{fmt::Write, path::Path, time::Duration};

use serde_json::{Map, Value};

use super::{Candidate, Results, mean_and_std};
use crate::{
    error::{Error, Result},
    record::Record,
    space::Params,
};

/// The values of one column, one a candidate.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Times in seconds, scores and their summaries; NaN where there is none.
    Numbers(Vec<f64>),
    /// Ranks, 1 is best.
    Ranks(Vec<usize>),
    /// Hyperparameters as JSON; null where the candidate has no such one.
    Values(Vec<Value>),
}

impl Column {
    fn json(&self, row: usize) -> Value {
        match self {
            // JSON has no NaN: what is no number is null, as pandas writes and reads it.
            Self::Numbers(numbers) => Value::from(numbers[row]),
            Self::Ranks(ranks) => Value::from(ranks[row]),
            Self::Values(values) => values[row].clone(),
        }
    }

    fn csv(&self, row: usize) -> String {
        match self {
            Self::Numbers(numbers) if numbers[row].is_nan() => String::new(),
            Self::Numbers(numbers) => number(numbers[row]),
            Self::Ranks(ranks) => ranks[row].to_string(),
            Self::Values(values) => plain(&values[row]),
        }
    }
}

impl<P: Params> Results<P> {
    /// The columns of scikit-learn's `cv_results_`, in its order: `mean_fit_time`, `std_fit_time`, `mean_score_time`,
    /// `std_score_time`, `param_<name>`, `params`, then for each metric `split<i>_test_<metric>`, `mean_test_<metric>`,
    /// `std_test_<metric>`, `rank_test_<metric>`, and with train scores the same of `train` without a rank.
    ///
    /// Rows are candidates in the order of the space. Times are in seconds, standard deviations have `ddof = 0`. The
    /// metric has its name even where it is the only one, which scikit-learn calls `score`.
    pub fn columns(&self) -> Vec<(String, Column)> {
        let mut columns = Vec::new();
        let numbers = |value: &dyn Fn(&Candidate<P>) -> f64| {
            Column::Numbers(self.candidates().iter().map(value).collect::<Vec<f64>>())
        };
        type Time = fn(&Record) -> Duration;
        for (name, time) in [("fit", (|record| record.fit_time) as Time), ("score", |record| record.score_time)] {
            let summary = |candidate: &Candidate<P>| {
                let seconds: Vec<f64> = candidate.records().iter().map(|record| time(record).as_secs_f64()).collect();
                mean_and_std(&seconds, &vec![1.0; seconds.len()])
            };
            columns.push((format!("mean_{name}_time"), numbers(&|candidate| summary(candidate).0)));
            columns.push((format!("std_{name}_time"), numbers(&|candidate| summary(candidate).1)));
        }

        let params: Vec<Vec<Value>> = self.candidates().iter().map(|candidate| candidate.params().values()).collect();
        for (at, name) in P::NAMES.iter().enumerate() {
            let values = params.iter().map(|values| values[at].clone()).collect();
            columns.push((format!("param_{name}"), Column::Values(values)));
        }
        let objects = params.into_iter().map(|values| {
            let present = P::NAMES.iter().zip(values).filter(|(_, value)| !value.is_null());
            Value::Object(present.map(|(name, value)| ((*name).to_owned(), value)).collect::<Map<_, _>>())
        });
        columns.push(("params".to_owned(), Column::Values(objects.collect())));

        for (at, metric) in self.metrics().iter().enumerate() {
            let name = &metric.name;
            for fold in 0..self.folds() {
                let column = numbers(&|candidate| candidate.scores(at)[fold]);
                columns.push((format!("split{fold}_test_{name}"), column));
            }
            columns.push((format!("mean_test_{name}"), numbers(&|candidate| candidate.mean(at))));
            columns.push((format!("std_test_{name}"), numbers(&|candidate| candidate.std(at))));
            let ranks = self.candidates().iter().map(|candidate| candidate.rank(at)).collect();
            columns.push((format!("rank_test_{name}"), Column::Ranks(ranks)));
        }
        if self.has_train_scores() {
            for (at, metric) in self.metrics().iter().enumerate() {
                let name = &metric.name;
                for fold in 0..self.folds() {
                    let column = numbers(&|candidate| candidate.train_scores(at)[fold]);
                    columns.push((format!("split{fold}_train_{name}"), column));
                }
                columns.push((format!("mean_train_{name}"), numbers(&|candidate| candidate.train_mean(at))));
                columns.push((format!("std_train_{name}"), numbers(&|candidate| candidate.train_std(at))));
            }
        }
        columns
    }

    /// The [`columns`](Self::columns) as CSV (RFC 4180) with a header. A cell without a number or a value is empty;
    /// `params` is a JSON object. Numbers have as many digits as it takes to read the same bits back.
    pub fn to_csv(&self) -> String {
        let columns = self.columns();
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail, and every record has as many cells.
        let _ = writer.write_record(columns.iter().map(|(name, _)| name));
        for row in 0..self.candidates().len() {
            let _ = writer.write_record(columns.iter().map(|(_, column)| column.csv(row)));
        }
        writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The [`columns`](Self::columns) as a JSON list of one object a candidate, as pandas' `orient="records"`. What is
    /// no number is `null`.
    pub fn to_json(&self) -> String {
        let columns = self.columns();
        let row = |row| Value::Object(columns.iter().map(|(name, column)| (name.clone(), column.json(row))).collect());
        let rows: Vec<String> = (0..self.candidates().len()).map(|at| format!("  {}", row(at))).collect();
        if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
    }

    /// A table in Markdown, best candidates first: rank, hyperparameters, mean and standard deviation by each metric,
    /// mean time of a fit.
    pub fn to_markdown(&self) -> String {
        let (header, rows) = self.summary_table(usize::MAX);
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let mut text = line(&header);
        let _ = writeln!(text, "|{}", " ---: |".repeat(header.len()));
        rows.iter().fold(text, |text, row| text + &line(row))
    }

    /// Writes the results to a file: CSV, JSON or Markdown by its extension, `csv`, `json` or `md`.
    ///
    /// # Errors
    /// [`Error::Write`]; [`Error::UnknownExtension`].
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let text = match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => self.to_csv(),
            Some("json") => self.to_json(),
            Some("md") => self.to_markdown(),
            _ => return Err(Error::UnknownExtension { path: path.to_owned(), expected: "csv, json or md" }),
        };
        std::fs::write(path, text).map_err(|source| Error::Write { path: path.to_owned(), source })
    }

    /// Header and cells of the table for people: the `shown` best candidates, best first.
    pub(super) fn summary_table(&self, shown: usize) -> (Vec<String>, Vec<Vec<String>>) {
        let mut order: Vec<usize> = (0..self.candidates().len()).collect();
        order.sort_by_key(|&at| self.candidates()[at].rank(0));

        let mut header = vec!["rank".to_owned()];
        header.extend(P::NAMES.iter().map(|name| (*name).to_owned()));
        for metric in self.metrics() {
            header.push(format!("mean {}", metric.name));
            header.push("std".to_owned());
            if self.has_train_scores() {
                header.push("train".to_owned());
            }
        }
        header.push("fit time".to_owned());
        let rows = order.into_iter().take(shown).map(|at| {
            let candidate = &self.candidates()[at];
            let mut row = vec![candidate.rank(0).to_string()];
            row.extend(candidate.params().values().iter().map(|value| match value {
                Value::Null => "-".to_owned(),
                value => plain(value),
            }));
            let failed = candidate.records().iter().any(|record| record.outcome.is_err());
            for metric in 0..self.metrics().len() {
                row.push(score(candidate.mean(metric), failed));
                row.push(score(candidate.std(metric), failed));
                if self.has_train_scores() {
                    row.push(score(candidate.train_mean(metric), failed));
                }
            }
            let seconds: f64 = candidate.records().iter().map(|record| record.fit_time.as_secs_f64()).sum();
            row.push(time(seconds / candidate.records().len().max(1) as f64));
            row
        });
        (header, rows.collect())
    }
}

/// A score; where there is none, whether a fit failed or the metric is undefined.
fn score(value: f64, failed: bool) -> String {
    match (value.is_nan(), failed) {
        (true, true) => "failed".to_owned(),
        (true, false) => "undefined".to_owned(),
        (false, _) => format!("{value:.6}"),
    }
}

/// Seconds, or milliseconds where that says more.
fn time(seconds: f64) -> String {
    if seconds < 0.1 { format!("{:.2} ms", seconds * 1e3) } else { format!("{seconds:.3} s") }
}

/// The shortest text that reads back as the same number.
fn number(value: f64) -> String {
    serde_json::Number::from_f64(value).map_or_else(|| value.to_string(), |number| number.to_string())
}

/// A value as JSON, but strings without their quotes and nothing for null.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
