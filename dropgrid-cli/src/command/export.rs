//! `dropgrid export`: candidates or fits in a format for programs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use dropgrid_core::{
    error::group,
    file,
    record::{Budget, Record},
    report::{Column, FORMATS, Fields, Format, objects, param_columns},
    study::{StudyCandidate, StudyFit},
};
use serde_json::{Value, json};

use crate::{
    error::Error,
    outcome::{Form, Outcome, envelope},
    study::Study,
};

/// Write all candidates, or all fits, as CSV, JSON, JSON lines or Markdown
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The study's file
    study: PathBuf,
    /// One row a fit in place of one row a candidate
    #[arg(long)]
    fits: bool,
    /// The format; by default that of the output's extension, or CSV
    #[arg(long, short, value_parser = formats())]
    format: Option<Format>,
    /// The file to write, in place of the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
}

impl Export {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let format = self.format()?;
        if let Some(output) = &self.output {
            check_output(&self.study, output)?;
        }
        let study = Study::open(&self.study)?;
        let columns = if self.fits { fits(&study) } else { study.results.columns() };
        let text = if self.form.json {
            let what = if self.fits { "fits" } else { "candidates" };
            let rows: Value = objects(&columns).collect();
            envelope("export", [("study", study.glance().summary().into()), ("what", what.into()), ("rows", rows)]).text
        } else {
            format.text(&columns)
        };
        let mut outcome = Outcome::data(text);
        let unfinished = study.results.candidates().len() - study.done();
        if unfinished > 0 && !self.fits {
            let what = if unfinished == 1 { "1 candidate is" } else { &format!("{unfinished} candidates are") };
            outcome.remarks.push(format!("{what} not done on every fold, and without a whole training ranked last"));
        }
        let Some(output) = &self.output else { return Ok(outcome) };
        file::write(output, std::mem::take(&mut outcome.text))?;
        Ok(outcome)
    }

    fn format(&self) -> Result<Format, Error> {
        match (self.format, &self.output) {
            (Some(format), _) => Ok(format),
            (None, Some(output)) if !self.form.json => {
                Format::of_file(output).map_err(|_| Error::Extension { path: output.clone(), known: known() })
            }
            (None, _) => Ok(FORMATS[0]),
        }
    }
}

/// The parser of a format's name.
fn formats() -> impl TypedValueParser<Value = Format> {
    let value = |format: Format| PossibleValue::new(format.name).aliases(format.aliases).help(format.about);
    let find = |name: String| Format::named(&name).ok_or("no such format");
    PossibleValuesParser::new(FORMATS.map(value)).try_map(find)
}

/// The names of the formats: `csv`, `json` or `md`.
fn known() -> String {
    let [others @ .., last] = FORMATS.map(|format| format!("`{}`", format.name));
    format!("{} or {last}", others.join(", "))
}

/// Refuses to write onto the study's file, or onto a file that SQLite or a search keeps beside it.
fn check_output(study: &Path, output: &Path) -> Result<(), Error> {
    let (Some(target), Ok(study)) = (place(output), fs::canonicalize(study)) else { return Ok(()) };
    let rest = target.as_os_str().as_encoded_bytes().strip_prefix(study.as_os_str().as_encoded_bytes());
    let is_part = rest.is_some_and(|rest| match rest {
        b"" | b"-wal" | b"-shm" | b"-journal" | b"-lock" => true,
        // The lock of one process.
        _ => rest.strip_prefix(b"-lock-").is_some_and(|number| number.iter().all(u8::is_ascii_digit)),
    });
    if is_part { Err(Error::OntoItself { path: output.to_owned() }) } else { Ok(()) }
}

/// The absolute path of a file, which need not exist.
fn place(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::canonicalize(path).ok().or_else(|| Some(fs::canonicalize(folder).ok()?.join(path.file_name()?)))
}

fn fits(study: &Study) -> Vec<(String, Column)> {
    let candidates = study.file.candidates().iter();
    let fits: Vec<(&StudyCandidate, &StudyFit)> =
        candidates.flat_map(|candidate| candidate.fits.iter().map(move |fit| (candidate, fit))).collect();
    let numbers =
        |value: &dyn Fn(&Record) -> f64| Column::Numbers(fits.iter().map(|(_, fit)| value(&fit.record)).collect());
    let values =
        |value: &dyn Fn(&Record) -> Value| Column::Values(fits.iter().map(|(_, fit)| value(&fit.record)).collect());

    let mut columns = param_columns(&fits.iter().map(|(candidate, _)| candidate.params.fields()).collect::<Vec<_>>());
    columns.push(("fold".to_owned(), values(&|fit| fit.fold.into())));
    if fits.iter().any(|(_, fit)| fit.record.budget != Budget::Full) {
        columns.push((
            "n_epochs".to_owned(),
            Column::Ranks(fits.iter().map(|(_, fit)| fit.resource.epochs() as usize).collect()),
        ));
        columns.push((
            "rows_share".to_owned(),
            Column::Numbers(fits.iter().map(|(_, fit)| fit.resource.rows().get()).collect()),
        ));
    }
    for (at, metric) in study.metrics().iter().enumerate() {
        let score = |fit: &Record| fit.outcome.as_ref().map_or(f64::NAN, |scores| scores[at]);
        columns.push((format!("test_{}", metric.name), numbers(&score)));
    }
    if fits.iter().any(|(_, fit)| fit.record.train_scores.is_some()) {
        for (at, metric) in study.metrics().iter().enumerate() {
            let score = |fit: &Record| fit.train_scores.as_ref().map_or(f64::NAN, |scores| scores[at]);
            columns.push((format!("train_{}", metric.name), numbers(&score)));
        }
    }
    columns.push(("fit_time".to_owned(), numbers(&|fit| fit.fit_time.as_secs_f64())));
    columns.push(("score_time".to_owned(), numbers(&|fit| fit.score_time.as_secs_f64())));
    columns.push(("failure".to_owned(), values(&|fit| json!(fit.outcome.as_ref().err().map(ToString::to_string)))));
    let warnings = |fit: &Record| {
        let words = fit
            .warnings
            .iter()
            .zip(study.metrics())
            .flat_map(|(warnings, metric)| warnings.iter().map(|warning| format!("{}: {warning}", metric.name)));
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
    columns
}
