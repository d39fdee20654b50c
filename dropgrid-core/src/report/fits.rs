//! The fits of a search and their learning curves as columns.

use serde_json::{Value, json};

use super::{
    Column, CvResults, Fields,
    columns::{param_columns, params_column},
    entry::WholeTraining,
};
use crate::{
    error::group,
    record::{Budget, Epoch, FoldInfo, MetricInfo, Record},
};

/// The finished fits of a search or of a study's file.
struct FitTable<'a> {
    /// The hyperparameters of each candidate.
    params: Vec<Vec<(&'a str, Value)>>,
    fits: Vec<FitRow<'a>>,
    metrics: &'a [MetricInfo],
    folds: &'a [FoldInfo],
    /// The names of the classes or flags; none where they have numbers only.
    classes: Vec<String>,
}

#[derive(Clone, Copy)]
struct FitRow<'a> {
    /// The candidate's row in the table of candidates, from 0.
    candidate: usize,
    whole: WholeTraining,
    record: &'a Record,
}

impl CvResults {
    /// One row a fit: `candidate`, `param_<name>`, `params`, `fold`, `test_<metric>`, `train_<metric>` where train
    /// scores were asked for, `fit_time` and `score_time` in seconds, `failure`, `warnings`, `attempts`, `retried` and
    /// `curve`.
    ///
    /// `candidate` is the row of the candidate among the [`columns`](Self::columns), from 0. `retried` has the reasons
    /// why earlier attempts failed. `curve` has the rows of [`curve_columns`](Self::curve_columns) that are the fit's;
    /// CSV and Markdown leave it out. Rows are in the order of candidates, budgets and folds.
    ///
    /// Where the cross-validation was [repeated](crate::search::Search::repeats), `repeat` follows `fold`, which goes
    /// on counting from repeat to repeat, as `split<i>` does. Where a fit had a part of the whole training, `n_epochs`
    /// and `rows_share` follow: the most epochs of the fit, and its share of the training rows.
    pub fn fit_columns(&self) -> Vec<(String, Column)> {
        self.fit_table().columns()
    }

    /// The learning curves, one row an epoch of a fit: `candidate`, `param_<name>`, `fold`, `repeat`, `n_epochs` and
    /// `rows_share` as in [`fit_columns`](Self::fit_columns), then `epoch` from 1, `train_loss`, `learning_rate`,
    /// `monitored`, where [asked for](crate::search::Search::curve_scores) `train_<metric>` and `validation_<metric>`,
    /// and `failure`.
    ///
    /// [`Epoch`] explains the numbers. `failure` has the reason why the fit failed after these epochs. A fit that did
    /// not get through an epoch has no row.
    pub fn curve_columns(&self) -> Vec<(String, Column)> {
        self.fit_table().curves()
    }

    /// The [`columns`](Self::columns), and the column `fits` with a table for each candidate: `fold`, `repeat`,
    /// `n_epochs` and `rows_share` as in [`fit_columns`](Self::fit_columns), `failure` and `curve`. JSON has these
    /// tables as lists of objects; CSV and Markdown leave the column out.
    pub fn nested_columns(&self) -> Vec<(String, Column)> {
        let fits = self.fit_table();
        let mut columns = self.columns();
        let first = |candidate: usize| fits.fits.partition_point(|fit| fit.candidate < candidate);
        let of_candidate = |candidate: usize| {
            let rows = &fits.fits[first(candidate)..first(candidate + 1)];
            let mut columns = fits.part_columns(rows);
            columns.extend([failures(rows), curves(rows, fits.metrics)]);
            columns
        };
        columns.push(("fits".to_owned(), Column::Tables((0..self.candidates().len()).map(of_candidate).collect())));
        columns
    }

    fn fit_table(&self) -> FitTable<'_> {
        let params = self.candidates().iter().map(|candidate| candidate.fields()).collect();
        let candidates = self.candidates().iter().enumerate();
        let fits = candidates.flat_map(|(at, candidate)| {
            let whole = candidate.whole;
            let mut records: Vec<&Record> = candidate.others.iter().chain(&candidate.records).collect();
            records.sort_by_key(|record| (record.budget, record.fold));
            records.into_iter().map(move |record| FitRow { candidate: at, whole, record })
        });
        let (metrics, folds, classes) = (self.metrics(), self.fold_infos(), self.classes().to_vec());
        FitTable { params, fits: fits.collect(), metrics, folds, classes }
    }
}

#[cfg(feature = "study")]
impl crate::study::StudyFile {
    /// Every finished fit of the file as [`CvResults::fit_columns`] has them, those on folds that the last search
    /// lacks, too.
    pub fn fit_columns(&self) -> Vec<(String, Column)> {
        self.fit_table().columns()
    }

    /// The learning curve of every finished fit of the file, as [`CvResults::curve_columns`] has them.
    pub fn curve_columns(&self) -> Vec<(String, Column)> {
        self.fit_table().curves()
    }

    fn fit_table(&self) -> FitTable<'_> {
        let params = self.candidates().iter().map(|candidate| candidate.params.fields()).collect();
        let candidates = self.candidates().iter().enumerate();
        let fits = candidates.flat_map(|(at, candidate)| {
            let whole = WholeTraining { epochs: candidate.epochs as usize, rows: None };
            candidate.records().map(move |record| FitRow { candidate: at, whole, record })
        });
        let folds: &[FoldInfo] = self.info().metadata.as_ref().map_or(&[], |metadata| &metadata.folds);
        FitTable {
            params,
            fits: fits.collect(),
            metrics: self.metrics(),
            folds,
            classes: self.info().identity.classes(),
        }
    }
}

impl FitTable<'_> {
    fn columns(&self) -> Vec<(String, Column)> {
        let fits = &self.fits;
        let numbers =
            |number: &dyn Fn(&Record) -> f64| Column::Numbers(fits.iter().map(|it| number(it.record)).collect());
        let values =
            |value: &dyn Fn(&Record) -> Value| Column::Values(fits.iter().map(|it| value(it.record)).collect());

        let mut columns = self.candidate_columns(fits);
        columns.push(params_column(&self.params_of(fits)));
        columns.extend(self.part_columns(fits));
        for (at, metric) in self.metrics.iter().enumerate() {
            let score = |fit: &Record| fit.outcome.as_ref().map_or(f64::NAN, |scores| scores[at]);
            columns.push((format!("test_{}", metric.name), numbers(&score)));
        }
        if fits.iter().any(|fit| fit.record.train_scores.is_some()) {
            for (at, metric) in self.metrics.iter().enumerate() {
                let score = |fit: &Record| fit.train_scores.as_ref().map_or(f64::NAN, |scores| scores[at]);
                columns.push((format!("train_{}", metric.name), numbers(&score)));
            }
        }
        columns.push(("fit_time".to_owned(), numbers(&|fit| fit.fit_time.as_secs_f64())));
        columns.push(("score_time".to_owned(), numbers(&|fit| fit.score_time.as_secs_f64())));
        columns.push(failures(fits));
        let warnings = |fit: &Record| {
            let of_metrics = fit.warnings.iter().zip(self.metrics);
            let words = of_metrics.flat_map(|(warnings, metric)| {
                warnings.iter().map(|warning| format!("{}: {}", metric.name, warning.with_names(&self.classes)))
            });
            let words: Vec<String> = words.collect();
            if words.is_empty() { Value::Null } else { words.join("; ").into() }
        };
        columns.push(("warnings".to_owned(), values(&warnings)));
        columns.push(("attempts".to_owned(), values(&|fit| (fit.details.retried.len() + 1).into())));
        let retried = |fit: &Record| match fit.details.retried.as_slice() {
            [] => Value::Null,
            retried => group(retried).into(),
        };
        columns.push(("retried".to_owned(), values(&retried)));
        columns.push(curves(fits, self.metrics));
        columns
    }

    fn curves(&self) -> Vec<(String, Column)> {
        let fits = self.fits.iter();
        let rows: Vec<FitRow<'_>> = fits.flat_map(|fit| vec![*fit; fit.record.curve.epochs.len()]).collect();
        let epochs: Vec<&Epoch> = self.fits.iter().flat_map(|fit| &fit.record.curve.epochs).collect();
        let mut columns = self.candidate_columns(&rows);
        columns.extend(self.part_columns(&rows));
        columns.extend(epoch_columns(&epochs, self.metrics));
        columns.push(failures(&rows));
        columns
    }

    fn params_of(&self, rows: &[FitRow<'_>]) -> Vec<&[(&str, Value)]> {
        rows.iter().map(|row| self.params[row.candidate].as_slice()).collect()
    }

    /// `candidate` and `param_<name>`.
    fn candidate_columns(&self, rows: &[FitRow<'_>]) -> Vec<(String, Column)> {
        let number = ("candidate".to_owned(), Column::Integers(rows.iter().map(|row| row.candidate).collect()));
        let mut columns = vec![number];
        columns.extend(param_columns(&self.params_of(rows)));
        columns
    }

    /// `fold`, `repeat` where the cross-validation was repeated, and the part of the whole training where any fit of
    /// the table had a part only.
    fn part_columns(&self, rows: &[FitRow<'_>]) -> Vec<(String, Column)> {
        let integers = |number: &dyn Fn(&FitRow<'_>) -> usize| Column::Integers(rows.iter().map(number).collect());
        let mut columns = vec![("fold".to_owned(), integers(&|row| row.record.fold as usize))];
        let in_repeat = self.folds.iter().filter(|fold| fold.repeat == 0).count();
        if in_repeat < self.folds.len() {
            columns.push(("repeat".to_owned(), integers(&|row| row.record.fold as usize / in_repeat)));
        }
        if self.fits.iter().any(|fit| fit.record.budget != Budget::Full) {
            columns.push(("n_epochs".to_owned(), integers(&|row| row.whole.epochs(row.record.budget))));
            let share = |row: &FitRow<'_>| if let Budget::Rows(share) = row.record.budget { share.get() } else { 1.0 };
            columns.push(("rows_share".to_owned(), Column::Numbers(rows.iter().map(share).collect())));
        }
        columns
    }
}

fn failures(rows: &[FitRow<'_>]) -> (String, Column) {
    let failure = |row: &FitRow<'_>| json!(row.record.outcome.as_ref().err().map(ToString::to_string));
    ("failure".to_owned(), Column::Values(rows.iter().map(failure).collect()))
}

/// The curve of each fit, as a table in its row.
fn curves(rows: &[FitRow<'_>], metrics: &[MetricInfo]) -> (String, Column) {
    let curve = |row: &FitRow<'_>| epoch_columns(&row.record.curve.epochs.iter().collect::<Vec<_>>(), metrics);
    ("curve".to_owned(), Column::Tables(rows.iter().map(curve).collect()))
}

/// The numbers of epochs, one row an epoch.
fn epoch_columns(epochs: &[&Epoch], metrics: &[MetricInfo]) -> Vec<(String, Column)> {
    let numbers = |name: &str, number: &dyn Fn(&Epoch) -> f64| {
        (name.to_owned(), Column::Numbers(epochs.iter().map(|epoch| number(epoch)).collect()))
    };
    let mut columns = vec![
        ("epoch".to_owned(), Column::Integers(epochs.iter().map(|epoch| epoch.number).collect())),
        numbers("train_loss", &|epoch| epoch.train_loss),
        numbers("learning_rate", &|epoch| epoch.lr),
        numbers("monitored", &|epoch| epoch.monitored.unwrap_or(f64::NAN)),
    ];
    type Scores = fn(&Epoch) -> &[f64];
    for (part, scores) in
        [("train", (|epoch| &epoch.train_scores) as Scores), ("validation", |epoch| &epoch.validation_scores)]
    {
        if epochs.iter().any(|epoch| !scores(epoch).is_empty()) {
            let score = |at: usize| move |epoch: &Epoch| scores(epoch).get(at).copied().unwrap_or(f64::NAN);
            let named = metrics.iter().enumerate();
            columns.extend(named.map(|(at, metric)| numbers(&format!("{part}_{}", metric.name), &score(at))));
        }
    }
    columns
}

#[cfg(test)]
mod tests;
