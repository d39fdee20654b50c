//! The results as columns under scikit-learn's names.

use std::{path::Path, sync::Arc, time::Duration};

use serde_json::{Map, Value};

use super::{
    CandidateScores, Column, CvResults,
    export::{self, Format, csv, json, markdown},
    mean_and_std,
};
use crate::{error::Result, record::Record, space::Params};

/// Hyperparameters by name: of a model's type, or read from a study without it.
pub trait Fields {
    /// The names and values in the order of declaration. A value is null where the candidate has no such
    /// hyperparameter.
    fn fields(&self) -> Vec<(&str, Value)>;
}

impl<P: Params> Fields for P {
    fn fields(&self) -> Vec<(&str, Value)> {
        P::NAMES.iter().copied().zip(self.values()).collect()
    }
}

#[cfg(feature = "study")]
impl Fields for crate::study::ParamsJson {
    fn fields(&self) -> Vec<(&str, Value)> {
        self.names().iter().map(String::as_str).zip(self.values().iter().cloned()).collect()
    }
}

/// The columns `param_<name>` of rows with these hyperparameters.
pub(super) fn param_columns(params: &[&[(&str, Value)]]) -> Vec<(String, Column)> {
    let names = params.first().copied().into_iter().flatten().map(|(name, _)| name);
    let values = |at: usize| Column::Values(params.iter().map(|fields| fields[at].1.clone()).collect());
    names.enumerate().map(|(at, name)| (format!("param_{name}"), values(at))).collect()
}

/// The column `params`: JSON objects without absent hyperparameters.
pub(super) fn params_column(params: &[&[(&str, Value)]]) -> (String, Column) {
    let objects = params.iter().map(|fields| {
        let present = fields.iter().filter(|(_, value)| !value.is_null());
        Value::Object(present.map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Map<_, _>>())
    });
    ("params".to_owned(), Column::Values(objects.collect()))
}

impl CvResults {
    /// The columns of scikit-learn's `cv_results_`, in its order: `mean_fit_time`, `std_fit_time`, `mean_score_time`,
    /// `std_score_time`, `param_<name>`, `params`, then for each metric `split<i>_test_<metric>`, `mean_test_<metric>`,
    /// `std_test_<metric>`, `rank_test_<metric>`, and with train scores the same of `train` without a rank.
    ///
    /// Where the cross-validation was repeated, `std_fold_test_<metric>` and `std_seed_test_<metric>` follow the
    /// standard deviation, its parts from the [rows](CandidateScores::fold_std) and from the
    /// [draws](CandidateScores::seed_std).
    ///
    /// Where early stopping or a rule ended trainings, `split<i>_epochs` and `mean_epochs` follow, the epochs whose
    /// weights were scored, and `mean_trained_epochs`.
    ///
    /// Where passes with dropout on were scored, the columns `split<i>_mc_std` and `mean_mc_std` follow: the
    /// [spread](CandidateScores::spreads) of their predictions.
    ///
    /// Where a strategy gave candidates different budgets, `iter` and `n_resources` follow, as scikit-learn's
    /// `HalvingGridSearchCV` has them.
    ///
    /// Where the strategy eliminated candidates, `eliminated` follows: [after which stage, and
    /// why](CandidateScores::elimination).
    ///
    /// Where the search has constraints, `violation` follows: [how far a candidate misses
    /// them](CandidateScores::violation).
    ///
    /// Rows are candidates in the order of the space. Times are in seconds, standard deviations have `ddof = 0`. The
    /// metric has its name even where it is the only one, which scikit-learn calls `score`.
    pub fn columns(&self) -> Vec<(String, Column)> {
        let mut columns = Vec::new();
        let numbers = |value: &dyn Fn(&CandidateScores) -> f64| {
            Column::Numbers(self.candidates().iter().map(|candidate| value(candidate)).collect::<Vec<f64>>())
        };
        type Time = fn(&Record) -> Duration;
        for (name, time) in [("fit", (|record| record.fit_time) as Time), ("score", |record| record.score_time)] {
            let summary = |candidate: &CandidateScores| {
                let seconds: Vec<f64> = candidate.records().iter().map(|record| time(record).as_secs_f64()).collect();
                mean_and_std(&seconds, &vec![1.0; seconds.len()])
            };
            columns.push((format!("mean_{name}_time"), numbers(&|candidate| summary(candidate).0)));
            columns.push((format!("std_{name}_time"), numbers(&|candidate| summary(candidate).1)));
        }

        let params: Vec<_> = self.candidates().iter().map(|candidate| candidate.fields()).collect();
        let params: Vec<&[(&str, Value)]> = params.iter().map(Vec::as_slice).collect();
        columns.extend(param_columns(&params));
        columns.push(params_column(&params));

        for (at, metric) in self.metrics().iter().enumerate() {
            let name = &metric.name;
            columns.extend(self.by_fold(&format!("test_{name}"), |candidate| candidate.scores(at)));
            columns.push((format!("mean_test_{name}"), numbers(&|candidate| candidate.mean(at))));
            columns.push((format!("std_test_{name}"), numbers(&|candidate| candidate.std(at))));
            if self.repeats() > 1 {
                columns.push((format!("std_fold_test_{name}"), numbers(&|candidate| candidate.fold_std(at))));
                columns.push((format!("std_seed_test_{name}"), numbers(&|candidate| candidate.seed_std(at))));
            }
            let ranks = self.candidates().iter().map(|candidate| candidate.rank(at)).collect();
            columns.push((format!("rank_test_{name}"), Column::Integers(ranks)));
        }
        if self.has_train_scores() {
            for (at, metric) in self.metrics().iter().enumerate() {
                let name = &metric.name;
                columns.extend(self.by_fold(&format!("train_{name}"), |candidate| candidate.train_scores(at)));
                columns.push((format!("mean_train_{name}"), numbers(&|candidate| candidate.train_mean(at))));
                columns.push((format!("std_train_{name}"), numbers(&|candidate| candidate.train_std(at))));
            }
        }
        let mean = |numbers: &[f64]| mean_and_std(numbers, &vec![1.0; numbers.len()]).0;
        if self.has_budgets() {
            let of = |number: &dyn Fn(&CandidateScores) -> usize| {
                Column::Integers(self.candidates().iter().map(|candidate| number(candidate)).collect())
            };
            columns.push(("iter".to_owned(), of(&CandidateScores::iteration)));
            columns.push(("n_resources".to_owned(), of(&CandidateScores::resources)));
        }
        if self.has_eliminations() {
            let reason = |candidate: &Arc<CandidateScores>| {
                candidate.elimination().map_or(Value::Null, |elimination| elimination.to_string().into())
            };
            columns.push(("eliminated".to_owned(), Column::Values(self.candidates().iter().map(reason).collect())));
        }
        if !self.constraints().is_empty() {
            columns.push(("violation".to_owned(), numbers(&CandidateScores::violation)));
        }
        if self.has_epochs() {
            columns.extend(self.by_fold("epochs", CandidateScores::epochs));
            columns.push(("mean_epochs".to_owned(), numbers(&|candidate| mean(&candidate.epochs()))));
            columns.push(("mean_trained_epochs".to_owned(), numbers(&|candidate| mean(&candidate.trained_epochs()))));
        }
        if self.has_spreads() {
            columns.extend(self.by_fold("mc_std", CandidateScores::spreads));
            columns.push(("mean_mc_std".to_owned(), numbers(&|candidate| mean(&candidate.spreads()))));
        }
        columns
    }

    /// The columns `split<i>_<name>` of one number a fold.
    fn by_fold(&self, name: &str, numbers: impl Fn(&CandidateScores) -> Vec<f64>) -> Vec<(String, Column)> {
        let all: Vec<Vec<f64>> = self.candidates().iter().map(|candidate| numbers(candidate)).collect();
        let column = |fold: usize| Column::Numbers(all.iter().map(|numbers| numbers[fold]).collect());
        (0..self.folds()).map(|fold| (format!("split{fold}_{name}"), column(fold))).collect()
    }

    /// The [`columns`](Self::columns) as [CSV](Format); `params` is a JSON object.
    pub fn to_csv(&self) -> String {
        self.export(csv::FORMAT)
    }

    /// The [`nested_columns`](Self::nested_columns) as a [JSON](Format) list of one object a candidate.
    pub fn to_json(&self) -> String {
        self.export(json::FORMAT)
    }

    /// A table in Markdown, best candidates first: rank, hyperparameters, mean and standard deviation by each metric,
    /// mean time of a fit.
    pub fn to_markdown(&self) -> String {
        self.export(markdown::FORMAT)
    }

    /// Writes the results to a file, [whole or not at all](crate::file::write), in the [format](Format) of its
    /// extension: `csv`, `json`, `jsonl` or `md`; under the feature `arrow` also `arrow` and `feather`, and `parquet`
    /// under the feature of that name, which have types, and leave nested tables out.
    ///
    /// # Errors
    /// Those of [`file::write`](crate::file::write);
    /// [`FileError::UnknownExtension`](crate::error::FileError::UnknownExtension).
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        export::write(path.as_ref(), |is_for_people| self.exported(is_for_people))
    }

    /// Writes the [`fit_columns`](Self::fit_columns) to a file, as [`write`](Self::write) does.
    ///
    /// # Errors
    /// Those of [`write`](Self::write).
    pub fn write_fits(&self, path: impl AsRef<Path>) -> Result<()> {
        export::write(path.as_ref(), |_| self.fit_columns())
    }

    /// Writes the learning curves, [`curve_columns`](Self::curve_columns), to a file, as [`write`](Self::write) does.
    ///
    /// # Errors
    /// Those of [`write`](Self::write).
    ///
    /// # Examples
    /// ```no_run
    /// # use dropgrid_core::{Result, report::CvResults};
    /// # fn check(results: &CvResults) -> Result<()> {
    /// results.write_curves("curves.csv")?;
    /// # Ok(())
    /// # }
    /// ```
    /// In pandas:
    /// `pd.read_csv("curves.csv").pivot_table(index="epoch", columns=["candidate", "fold"], values="train_loss")`.
    pub fn write_curves(&self, path: impl AsRef<Path>) -> Result<()> {
        export::write(path.as_ref(), |_| self.curve_columns())
    }

    fn export(&self, format: Format) -> String {
        format.text(&self.exported(format.is_for_people))
    }

    fn exported(&self, is_for_people: bool) -> Vec<(String, Column)> {
        if is_for_people { self.summary() } else { self.nested_columns() }
    }
}
