//! Candidates as runs.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::Path,
    time::Duration,
};

use dropgrid_view::{Candidate, CurvePoint, State, Status};
use serde_json::Value;

use super::{
    Experiment,
    text::{cut, file_name, quoted},
};

/// A number of an epoch.
type Quantity = fn(&CurvePoint) -> Option<f64>;

/// Writes a candidate as a run into the folder of its experiment.
pub(super) fn write_run(experiment: &Experiment<'_>, candidate: &Candidate, to: &Path) -> io::Result<()> {
    let Experiment { view, id, now, address } = experiment;
    let run = format!("{id}{:014x}", candidate.number);
    let folder = to.join(&run);
    let name = format!("candidate {}", candidate.number);
    let took = candidate.fit_seconds.unwrap_or(0.0) * candidate.curves.len().max(1) as f64;
    let took = u64::try_from(Duration::try_from_secs_f64(took).unwrap_or_default().as_millis()).unwrap_or(0);
    let start = now.saturating_sub(took);
    let meta = format!(
        "artifact_uri: {}\nend_time: {now}\nentry_point_name: ''\nexperiment_id: '{id}'\nlifecycle_stage: active\n\
         run_id: '{run}'\nrun_name: {}\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: {start}\n\
         status: {}\ntags: []\nuser_id: dropgrid\n",
        quoted(&format!("{address}/{run}/artifacts")),
        quoted(&name),
        status(candidate.state, &view.status)
    );
    for part in ["params", "metrics", "tags", "artifacts"] {
        fs::create_dir_all(folder.join(part))?;
    }
    fs::write(folder.join("meta.yaml"), meta)?;
    let mut tags = Names::default();
    let others = [("reason", &candidate.reason), ("budget", &candidate.budget), ("stage", &candidate.stage)];
    let known = [("mlflow.runName", name.as_str()), ("mlflow.source.type", "LOCAL"), ("state", candidate.state.word())];
    let others = others.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?)));
    for (name, text) in known.into_iter().chain(others) {
        fs::write(folder.join("tags").join(tags.free(name)), cut(text))?;
    }
    let mut params = Names::default();
    for (axis, value) in view.axes.iter().zip(&candidate.params).filter(|(_, value)| !value.is_null()) {
        let text = if let Value::String(text) = value { text.clone() } else { value.to_string() };
        fs::write(folder.join("params").join(params.free(&axis.name)), cut(&text))?;
    }
    let mut metrics = Names::default();
    for (name, steps) in numbers(experiment, candidate) {
        let lines: Vec<String> = steps.iter().map(|(step, number)| format!("{now} {number} {step}\n")).collect();
        fs::write(folder.join("metrics").join(metrics.free(&name)), lines.concat())?;
    }
    Ok(())
}

/// MLflow's number of the state of a run: 1 running, 3 finished, 4 failed, 5 ended before.
fn status(state: State, search: &Status) -> u8 {
    match state {
        State::Complete => 3,
        State::Failed => 4,
        State::Unfinished if *search == Status::Running => 1,
        State::Pruned | State::Unfinished => 5,
    }
}

/// The metrics of a candidate, each with its numbers by step: those of [`columns`](crate::report::CvResults::columns),
/// and of each epoch the mean over the folds.
fn numbers(experiment: &Experiment<'_>, candidate: &Candidate) -> Vec<(String, Vec<(u32, f64)>)> {
    let view = experiment.view;
    let mut all = Vec::new();
    let mut one = |name: String, number: Option<f64>| {
        all.extend(number.filter(|number| !number.is_nan()).map(|number| (name, vec![(0, number)])));
    };
    for (metric, summary) in view.metrics.iter().zip(&candidate.summaries) {
        let name = &metric.name;
        one(format!("mean_test_{name}"), summary.mean);
        one(format!("std_test_{name}"), summary.std);
        one(format!("rank_test_{name}"), Some(summary.rank as f64));
        one(format!("mean_train_{name}"), summary.train_mean);
        for (fold, &score) in summary.scores.iter().enumerate() {
            one(format!("split{fold}_test_{name}"), score);
        }
    }
    one("mean_fit_time".to_owned(), candidate.fit_seconds);
    one("violation".to_owned(), candidate.violation().filter(|_| !view.constraints.is_empty()));
    let deciding = view.metrics.first().map_or("score", |metric| &metric.name);
    let curves: [(String, Quantity); 4] = [
        ("train_loss".to_owned(), |point| point.loss),
        (view.monitored.clone().unwrap_or_else(|| "monitored".to_owned()), |point| point.monitored),
        (format!("train_{deciding}"), |point| point.train_score),
        (format!("validation_{deciding}"), |point| point.validation_score),
    ];
    for (name, of) in curves {
        let mut sums: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for point in candidate.curves.iter().flat_map(|curve| &curve.points) {
            if let Some(number) = of(point).filter(|number| number.is_finite()) {
                let sum = sums.entry(point.epoch).or_default();
                *sum = (sum.0 + number, sum.1 + 1.0);
            }
        }
        if !sums.is_empty() {
            all.push((name, sums.into_iter().map(|(epoch, (sum, count))| (epoch, sum / count)).collect()));
        }
    }
    all
}

/// The names of the files of a folder.
#[derive(Debug, Default)]
struct Names(HashMap<String, usize>);

impl Names {
    /// A file's name for a text: with a number where another text came to the same one, also on systems without case.
    fn free(&mut self, text: &str) -> String {
        let name = file_name(text);
        let count = self.0.entry(name.to_lowercase()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name} {count}") }
    }
}
