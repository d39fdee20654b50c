//! `dropgrid show`: one study.

use std::{collections::BTreeSet, path::PathBuf};

use clap::Args;
use dropgrid_core::{
    error::group,
    escape::{escaped, shown},
    study::{RunningFits, SavedStates, StudyInfo},
};
use serde_json::{Map, Value, json};

use crate::{
    error::Error,
    outcome::{Form, Outcome, envelope},
    study::{Study, words},
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
    /// Show the deciding metric's score on each fold, too
    #[arg(long)]
    folds: bool,
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
            text += &table::results(&study, top, self.folds);
        }
        Ok(Outcome::text(&text))
    }
}

/// The facts about a study beside its candidates: names and texts.
fn about(study: &Study) -> Vec<(String, String)> {
    let file = &study.file;
    let mut lines = vec![("format".to_owned(), file.info().format.to_string())];
    let mut line = |name: &str, text: String| lines.push((name.to_owned(), text));
    for (part, text) in file.info().identity.parts() {
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
    let repeats = study.results.repeats();
    let of_each = if repeats > 1 {
        format!("{} in each of {repeats} repeats", file.folds() / repeats)
    } else {
        file.folds().to_string()
    };
    line("folds", of_each);
    let (all, done) = (file.candidates().len(), study.done());
    let others = study.results.candidates().iter().filter(|candidate| !candidate.is_finalist());
    let eliminated = others.filter(|candidate| candidate.elimination().is_some()).count();
    let counted = |count: usize, what: &str| if count > 0 { format!(", {count} {what}") } else { String::new() };
    let (eliminated, unfinished) =
        (counted(eliminated, "eliminated"), counted(all - done - eliminated, "not done on every fold"));
    line("candidates", format!("{done} done{eliminated}{unfinished}"));
    let glance = study.glance();
    let of = glance.planned().map(|planned| format!(" of {planned}")).unwrap_or_default();
    line("fits", format!("{}{of} done, {} failed", file.fits(), file.failed()));
    let failures: Vec<_> = file.records().filter_map(|record| record.outcome.as_ref().err()).collect();
    if !failures.is_empty() {
        line("failures", group(failures).replace("; ", "\n"));
    }
    let retried: Vec<_> = file.records().flat_map(|record| &record.details.retried).collect();
    if !retried.is_empty() {
        line("tried again", group(retried).replace("; ", "\n"));
    }
    let SavedStates { count, bytes, .. } = file.info().states;
    if count > 0 {
        line("checkpoints", format!("{count}, {:.1} MB", bytes as f64 / 1e6));
    }
    let RunningFits { processes, fits, .. } = file.info().running;
    if processes > 0 {
        let plural = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let (fits, processes) = (plural(fits, "fit", "fits"), plural(processes, "process", "processes"));
        line("running", format!("{fits} of {processes}"));
        line("pace", glance.overview.pace.to_string());
    }
    if let Some(changed) = glance.changed() {
        line("changed", changed.replace('T', " ").replace('Z', " UTC"));
    }
    lines
}

fn json(study: &Study, top: usize) -> Value {
    let mut object = study.glance().summary();
    let StudyInfo { identity, metadata, states, .. } = study.file.info();
    let parts = identity.parts().map(|(part, text)| (part.to_owned(), text.into()));
    object.insert("identity".to_owned(), Value::Object(parts.collect::<Map<_, _>>()));
    let SavedStates { count, lasting, bytes, .. } = states;
    object.insert("checkpoints".to_owned(), json!({ "count": count, "lasting": lasting, "bytes": bytes }));
    let names = study.file.candidates().first().map(|candidate| candidate.params.names());
    object.insert("hyperparameters".to_owned(), json!(names.unwrap_or_default()));
    object.insert("error_score".to_owned(), json!(metadata.as_ref().and_then(|metadata| metadata.error_score)));
    let weights = metadata.as_ref().map(|data| data.folds.iter().map(|fold| fold.weight).collect::<Vec<_>>());
    let epochs: BTreeSet<u32> = study.file.candidates().iter().map(|candidate| candidate.epochs).collect();
    object.insert("epochs".to_owned(), json!(epochs));
    object.insert("fold_weights".to_owned(), json!(weights));
    let ranked = study.ranked().into_iter().take(top).map(|at| study.candidate(at));
    object.insert("ranked".to_owned(), ranked.collect());
    Value::Object(object)
}
