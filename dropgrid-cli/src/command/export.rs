//! `dropgrid export`: candidates, fits or learning curves in a format for programs, or for Optuna and MLflow.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use dropgrid_core::{
    file,
    report::{FORMATS, Format, objects, view_of_study, write_mlflow, write_optuna},
};
use serde_json::Value;

use crate::{
    error::Error,
    outcome::{Form, Outcome, envelope},
    study::Study,
};

/// Write all candidates, fits or learning curves as CSV, JSON, JSON lines or Markdown
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The study's file
    study: PathBuf,
    /// One row a fit in place of one row a candidate
    #[arg(long)]
    fits: bool,
    /// The learning curves: one row an epoch of each fit
    #[arg(long, conflicts_with = "fits")]
    curves: bool,
    /// The format; by default that of the output's extension, or CSV
    #[arg(long, short, value_parser = formats())]
    format: Option<Format>,
    /// The file to write, in place of the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write all candidates as a database of Optuna 5, in place of everything else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fits", "curves", "format", "output", "json"])]
    optuna: Option<PathBuf>,
    /// Write all candidates as an experiment into this folder of MLflow's files, in place of everything else
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["fits", "curves", "format", "output", "json", "optuna"])]
    mlflow: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
}

impl Export {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        if let Some(optuna) = &self.optuna {
            check_output(&self.study, optuna)?;
            write_optuna(&view_of_study(&Study::open(&self.study)?.file, &[]), optuna)?;
            return Ok(Outcome::default());
        }
        if let Some(folder) = &self.mlflow {
            write_mlflow(&view_of_study(&Study::open(&self.study)?.file, &[]), folder)?;
            return Ok(Outcome::default());
        }
        let format = self.format()?;
        if let Some(output) = &self.output {
            check_output(&self.study, output)?;
        }
        let study = Study::open(&self.study)?;
        let (what, columns) = match (self.fits, self.curves) {
            (true, _) => ("fits", study.file.fit_columns()),
            (_, true) => ("curves", study.file.curve_columns()),
            _ => ("candidates", study.results.nested_columns()),
        };
        let text = if self.form.json {
            let rows: Value = objects(&columns).collect();
            envelope("export", [("study", study.glance().summary().into()), ("what", what.into()), ("rows", rows)]).text
        } else {
            format.text(&columns)
        };
        let mut outcome = Outcome::data(text);
        let unfinished = study.results.candidates().len() - study.done();
        if unfinished > 0 && what == "candidates" {
            let those = if unfinished == 1 { "1 candidate was" } else { &format!("{unfinished} candidates were") };
            let ranked = if unfinished == 1 { "ranks" } else { "rank" };
            outcome.remarks.push(format!("{those} eliminated or not done on every fold, and {ranked} last"));
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
pub(crate) fn check_output(study: &Path, output: &Path) -> Result<(), Error> {
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
