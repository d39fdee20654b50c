//! `dropgrid report`: a study as one HTML page, as pictures, and for Optuna and MLflow.

use std::path::{Path, PathBuf};

use clap::Args;
use dropgrid_core::{
    escape::shown,
    file,
    report::{Objective, front_of_study, write_mlflow, write_optuna, write_plots},
    study::StudyFile,
    view::page,
};
use serde_json::Value;

use super::check_output;
use crate::{
    error::Error,
    outcome::{Form, Outcome, envelope},
    view::{is_damaged, view},
};

/// Write a study as one HTML page, which needs no other file and no network; also as pictures, for Optuna and for
/// MLflow
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The study's file; it may be under way, unfinished or damaged
    study: PathBuf,
    /// The page to write; by default beside the study, with the extension `html`
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write each picture as an SVG file into this folder, too
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
    /// Write the candidates as a database of Optuna 5, too
    #[arg(long, value_name = "FILE")]
    optuna: Option<PathBuf>,
    /// Write the candidates as an experiment into this folder of MLflow's files, too
    #[arg(long, value_name = "FOLDER")]
    mlflow: Option<PathBuf>,
    /// Compare candidates by these in the trade-offs: names of metrics, `fit_time`, `score_time`, `parameters`
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    objectives: Vec<String>,
    #[command(flatten)]
    form: Form,
}

impl Report {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let output = self.output.clone().unwrap_or_else(|| self.study.with_extension("html"));
        for path in [Some(&output), self.optuna.as_ref()].into_iter().flatten() {
            check_output(&self.study, path)?;
        }
        let mut view = view(&self.study)?;
        let mut remarks = Vec::new();
        if !self.objectives.is_empty() && !view.candidates.is_empty() {
            let (file, _) = StudyFile::salvage(&self.study)?;
            let front = front_of_study(&file, self.objectives.iter().map(|name| objective(name)))?;
            if front.places.is_empty() {
                remarks.push("no candidate has a value of each objective; a study has the numbers of parameters once a search on it \
                              has ended"
                    .to_owned());
            }
            view.front = Some(front);
        }
        file::write(&output, page(&view))?;
        let mut written = vec![output];
        if let Some(folder) = &self.plots {
            written.extend(write_plots(&view, folder)?);
        }
        if let Some(optuna) = &self.optuna {
            write_optuna(&view, optuna)?;
            written.push(optuna.clone());
        }
        if let Some(folder) = &self.mlflow {
            written.push(write_mlflow(&view, folder)?);
        }
        let is_wrong = is_damaged(&view);
        if self.form.json {
            let paths: Value = written.iter().map(|path| Value::from(path.to_string_lossy())).collect();
            let fields =
                [("study", self.study.to_string_lossy().into()), ("damaged", is_wrong.into()), ("written", paths)];
            return Ok(envelope("report", fields).wrong_if(is_wrong));
        }
        let lines: String = written.iter().map(|path| shown(path) + "\n").collect();
        remarks.extend(is_wrong.then(|| remark(&self.study)));
        Ok(Outcome { remarks, ..Outcome::text(&lines).wrong_if(is_wrong) })
    }
}

/// The objective of a name.
fn objective(name: &str) -> Objective {
    match name {
        "fit_time" => Objective::fit_time(),
        "score_time" => Objective::score_time(),
        "parameters" => Objective::parameters(),
        metric => Objective::metric(metric),
    }
}

fn remark(study: &Path) -> String {
    format!("not all of {} can be read, and the page says so; `dropgrid verify` has more", study.display())
}
