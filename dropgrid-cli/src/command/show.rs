//! `dropgrid show`: one study.

use std::path::PathBuf;

use clap::Args;
use dropgrid_core::{
    error::group,
    escape::{escaped, shown},
    study::{EndStates, Running},
};
use serde_json::{Map, Value, json};

use crate::{
    error::Error,
    outcome::{Form, Outcome, envelope},
    study::{Study, params, words},
    table,
};

/// Show a study: what it is of, and its candidates, best first
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The study's file
    study: PathBuf,
    /// Candidates shown; all of them with 0
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    top: usize,
    #[command(flatten)]
    form: Form,
}

impl Show {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let study = Study::open(&self.study)?;
        let top = if self.top == 0 { usize::MAX } else { self.top };
        if self.form.json {
            return Ok(envelope("show", [("study", json(&study, top))]));
        }
        let mut text = format!("{}\n", shown(&study.path));
        text += &table::list(&about(&study), 2);
        if !study.results.candidates().is_empty() {
            text.push('\n');
            text += &table::results(&study, top);
        }
        Ok(Outcome::text(&text))
    }
}

/// The facts about a study beside its candidates: names and texts.
fn about(study: &Study) -> Vec<(String, String)> {
    let archive = &study.archive;
    let mut lines = vec![("format".to_owned(), archive.format().to_string())];
    let mut line = |name: &str, text: String| lines.push((name.to_owned(), text));
    for (part, text) in archive.identity().parts() {
        let text = escaped(text);
        match part {
            "space" => line("axes", text.replace("; ", "\n")),
            // Shown below, with the number of folds and the directions of the metrics.
            "folds" | "metrics" => {}
            part => line(&escaped(part), text.into_owned()),
        }
    }
    let metrics: Vec<String> = study.metrics().iter().map(words).collect();
    if !metrics.is_empty() {
        line("metrics", metrics.join("\n"));
    }
    line("folds", archive.folds().to_string());
    let (tried, done) = (archive.tried().len(), study.results.candidates().len());
    let unfinished = if done < tried { format!(", {} not on every fold yet", tried - done) } else { String::new() };
    line("candidates", format!("{done} done{unfinished}"));
    let glance = study.glance();
    let of = glance.planned().map(|planned| format!(" of {planned}")).unwrap_or_default();
    line("fits", format!("{}{of} done, {} failed", archive.fits(), archive.failed()));
    let records = archive.tried().iter().flat_map(|tried| &tried.records);
    let failures: Vec<_> = records.filter_map(|record| record.outcome.as_ref().err()).collect();
    if !failures.is_empty() {
        line("failures", group(failures).replace("; ", "\n"));
    }
    let records = archive.tried().iter().flat_map(|tried| &tried.records);
    let retried: Vec<_> = records.flat_map(|record| &record.details.retried).collect();
    if !retried.is_empty() {
        line("tried again", group(retried).replace("; ", "\n"));
    }
    let EndStates { count, bytes } = archive.end_states();
    if count > 0 {
        line("end states", format!("{count}, {:.1} MB", bytes as f64 / 1e6));
    }
    let Running { processes, fits } = archive.running();
    if processes > 0 {
        let plural = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let (fits, processes) = (plural(fits, "fit", "fits"), plural(processes, "process", "processes"));
        line("running", format!("{fits} of {processes}"));
    }
    if let Some(changed) = glance.changed() {
        line("changed", changed.replace('T', " ").replace('Z', " UTC"));
    }
    lines
}

fn json(study: &Study, top: usize) -> Value {
    let mut object = study.glance().summary();
    let parts = study.archive.identity().parts().map(|(part, text)| (part.to_owned(), text.into()));
    object.insert("identity".to_owned(), Value::Object(parts.collect::<Map<_, _>>()));
    let EndStates { count, bytes } = study.archive.end_states();
    object.insert("end_states".to_owned(), json!({ "count": count, "bytes": bytes }));
    let names = study.archive.tried().first().map(|tried| tried.params.names());
    object.insert("hyperparameters".to_owned(), json!(names.unwrap_or_default()));
    object.insert("error_score".to_owned(), json!(study.archive.legend().and_then(|legend| legend.error_score)));
    let weights = study.archive.legend().map(|legend| legend.folds.iter().map(|fold| fold.weight).collect::<Vec<_>>());
    object.insert("fold_weights".to_owned(), json!(weights));
    let mut order: Vec<_> = study.results.candidates().iter().collect();
    order.sort_by_key(|candidate| candidate.rank(0));
    let ranked = order.into_iter().take(top).map(|candidate| study.candidate(candidate));
    object.insert("ranked".to_owned(), ranked.collect());
    let unfinished = study.archive.tried().iter().filter(|tried| !study.archive.is_done(tried));
    let folds = unfinished.map(|tried| {
        let folds: Vec<u32> = tried.records.iter().map(|record| record.fold).collect();
        json!({ "params": params(&tried.params), "folds_done": folds })
    });
    object.insert("unfinished".to_owned(), folds.collect());
    Value::Object(object)
}
