//! `dropgrid best`: the winner of a study.

use std::path::PathBuf;

use clap::Args;
use dropgrid_core::{escape::escaped, report::Fields};
use serde_json::Value;

use crate::{
    error::Error,
    outcome::{Form, Outcome, envelope},
    study::Study,
    table,
};

/// Print the hyperparameters and scores of the best candidate that is done on every fold
#[derive(Debug, Args)]
pub(crate) struct Best {
    /// The study's file
    study: PathBuf,
    #[command(flatten)]
    form: Form,
}

impl Best {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let study = Study::open(&self.study)?;
        let best = study.best();
        if self.form.json {
            let best = study.results.best().map_or(Value::Null, |best| study.candidate(best));
            let is_wrong = best.is_null();
            return Ok(
                envelope("best", [("study", study.glance().summary().into()), ("best", best)]).wrong_if(is_wrong)
            );
        }
        let Some(best) = best else {
            let remark = format!("{} has no candidate with a score on every fold", self.study.display());
            return Ok(Outcome { remarks: vec![remark], is_wrong: true, ..Outcome::default() });
        };
        let mut lines: Vec<(String, String)> = Vec::new();
        for (name, value) in best.params().fields().into_iter().filter(|(_, value)| !value.is_null()) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            lines.push((escaped(name).into_owned(), escaped(&value).into_owned()));
        }
        for (at, metric) in study.metrics().iter().enumerate() {
            let folds = study.results.folds();
            let text = format!("{:.6} ± {:.6} over {folds} folds, rank {}", best.mean(at), best.std(at), best.rank(at));
            lines.push((escaped(&metric.name).into_owned(), text));
        }
        Ok(Outcome::text(&table::list(&lines, 0)))
    }
}
