//! A study as the commands see it: the archive, and its results by metrics that have names.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use clap::Args;
use dropgrid_core::{
    error::Failure,
    escape::escaped,
    metric::Direction,
    report::{Candidate, Fields, MetricInfo, Results},
    study::{Archive, Untyped},
};
use serde_json::{Map, Value, json};

use crate::{error::Error, time::rfc3339};

/// Which way metrics are better, where a study does not say it.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Directions {
    /// Higher values of this metric are better, in a study that does not say so
    #[arg(long, value_name = "METRIC")]
    maximize: Vec<String>,
    /// Lower values of this metric are better, in a study that does not say so
    #[arg(long, value_name = "METRIC")]
    minimize: Vec<String>,
}

impl Directions {
    fn of(&self, metric: &str) -> Result<Option<Direction>, Error> {
        let is_in = |names: &[String]| names.iter().any(|name| name == metric);
        match (is_in(&self.maximize), is_in(&self.minimize)) {
            (true, true) => Err(Error::BothDirections { name: metric.to_owned() }),
            (true, false) => Ok(Some(Direction::Maximize)),
            (false, true) => Ok(Some(Direction::Minimize)),
            (false, false) => Ok(None),
        }
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.maximize.iter().chain(&self.minimize)
    }
}

/// A metric by the name that a command calls it.
#[derive(Debug, Clone)]
pub(crate) struct Metric {
    pub(crate) name: String,
    /// Whether the study knows the name; otherwise it is made of the metric's number.
    is_named: bool,
    pub(crate) direction: Option<Direction>,
}

impl Metric {
    fn json(&self) -> Value {
        json!({ "name": self.is_named.then_some(&self.name), "direction": self.direction.map(name) })
    }

    /// The name, and which way is better.
    pub(crate) fn words(&self) -> String {
        let name = escaped(&self.name);
        match self.direction {
            Some(direction) => format!("{name} ({} is better)", better(direction)),
            None => name.into_owned(),
        }
    }
}

/// A study's file, read.
#[derive(Debug)]
pub(crate) struct Study {
    pub(crate) path: PathBuf,
    pub(crate) archive: Archive,
    pub(crate) metrics: Vec<Metric>,
    /// The candidates that are done on all folds. Ranks mean something where the metric's direction is known.
    pub(crate) results: Results<Untyped>,
    changed: Option<SystemTime>,
}

impl Study {
    /// Reads a study. Directions of metrics that it does not have are ignored.
    pub(crate) fn open(path: &Path, directions: &Directions) -> Result<Self, Error> {
        let archive = Archive::open(path)?;
        let mut metrics = Vec::new();
        for (at, metric) in archive.metrics().into_iter().enumerate() {
            let is_named = metric.name.is_some();
            let name = metric.name.unwrap_or_else(|| format!("score{at}"));
            let said = directions.of(&name)?;
            let direction = match (metric.direction, said) {
                (Some(known), Some(said)) if known != said => {
                    return Err(Error::Direction { path: path.to_owned(), name, better: better(known) });
                }
                (known, said) => known.or(said),
            };
            metrics.push(Metric { name, is_named, direction });
        }
        let info = |metric: &Metric| MetricInfo {
            name: metric.name.clone(),
            direction: metric.direction.unwrap_or(Direction::Maximize),
        };
        let results = Results::of_study(&archive, metrics.iter().map(info).collect());
        Ok(Self { path: path.to_owned(), archive, metrics, results, changed: changed(path) })
    }

    /// Reads the study that a command is about.
    pub(crate) fn named(path: &Path, directions: &Directions) -> Result<Self, Error> {
        let study = Self::open(path, directions)?;
        let known: Vec<String> = study.metrics.iter().map(|metric| metric.name.clone()).collect();
        match directions.names().find(|name| !known.contains(name)) {
            Some(name) => Err(Error::UnknownMetric { path: path.to_owned(), name: name.clone(), known }),
            None => Ok(study),
        }
    }

    /// The model's name.
    pub(crate) fn model(&self) -> Option<&str> {
        self.archive.identity().part("model")?.split_whitespace().next()
    }

    /// The deciding metric.
    pub(crate) fn deciding(&self) -> &Metric {
        &self.metrics[0]
    }

    /// The best candidate that is done, where the study or the command line says which way is better.
    pub(crate) fn best(&self) -> Option<&Candidate<Untyped>> {
        self.deciding().direction?;
        self.results.best().map(|best| &self.results.candidates()[best])
    }

    /// The last change of the file or of the log beside it.
    pub(crate) fn changed(&self) -> Option<String> {
        self.changed.and_then(rfc3339)
    }

    /// The time of the last change where it was in the last day, else its date.
    pub(crate) fn changed_in_short(&self) -> Option<String> {
        const DAY: Duration = Duration::from_hours(24);
        let is_recent = self.changed?.elapsed().map_or(true, |age| age < DAY);
        let text = self.changed()?;
        let (date, time) = text.split_once('T')?;
        Some(if is_recent { time.replace('Z', "") } else { date.to_owned() })
    }

    /// Fits that the search runs, where the study says it.
    pub(crate) fn planned(&self) -> Option<usize> {
        self.archive.legend().and_then(|legend| legend.fits)
    }

    /// What `ls` tells of a study.
    pub(crate) fn summary(&self) -> Map<String, Value> {
        let best = self.best().map(|best| best.mean(0));
        let running = self.archive.running();
        let summary = json!({
            "path": self.path.to_string_lossy(),
            "format": self.archive.format(),
            "model": self.model(),
            "changed": self.changed(),
            "folds": self.archive.folds(),
            "metrics": self.metrics.iter().map(Metric::json).collect::<Value>(),
            "candidates": { "tried": self.archive.tried().len(), "done": self.results.candidates().len() },
            "fits": { "done": self.archive.fits(), "failed": self.archive.failed(), "planned": self.planned() },
            "running": { "processes": running.processes, "fits": running.fits },
            "best_score": best,
        });
        if let Value::Object(summary) = summary { summary } else { Map::new() }
    }

    /// A candidate with its summaries, and its scores by fold.
    pub(crate) fn candidate(&self, candidate: &Candidate<Untyped>) -> Value {
        let metric = |(at, metric): (usize, &Metric)| {
            let mut fields = json!({
                "name": metric.is_named.then_some(&metric.name),
                "mean": candidate.mean(at),
                "std": candidate.std(at),
                "rank": metric.direction.map(|_| candidate.rank(at)),
                "scores": candidate.scores(at),
            });
            if self.results.has_train_scores() {
                fields["train_mean"] = candidate.train_mean(at).into();
                fields["train_std"] = candidate.train_std(at).into();
            }
            fields
        };
        json!({
            "params": params(candidate.params()),
            "metrics": self.metrics.iter().enumerate().map(metric).collect::<Value>(),
            "failures": failures(candidate),
            "retried": retried(candidate),
        })
    }
}

/// Hyperparameters as a JSON object, without those that are absent.
pub(crate) fn params(params: &Untyped) -> Value {
    let present = params.fields().into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(present.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn failures(candidate: &Candidate<Untyped>) -> Value {
    let failed = candidate.records().iter().filter_map(|record| Some((record.fold, record.outcome.as_ref().err()?)));
    failed.map(|(fold, failure)| json!({ "fold": fold, "reason": failure.to_string() })).collect()
}

/// Why attempts failed that were followed by others.
fn retried(candidate: &Candidate<Untyped>) -> Value {
    let attempts = candidate.records().iter().flat_map(|record| {
        let reason = |failure: &Failure| json!({ "fold": record.fold, "reason": failure.to_string() });
        record.details.retried.iter().map(reason)
    });
    attempts.collect()
}

fn changed(path: &Path) -> Option<SystemTime> {
    let path = fs::canonicalize(path).ok()?;
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    let times = [path, log.into()].into_iter().filter_map(|path| fs::metadata(path).ok()?.modified().ok());
    times.max()
}

fn better(direction: Direction) -> &'static str {
    match direction {
        Direction::Maximize => "higher",
        Direction::Minimize => "lower",
    }
}

fn name(direction: Direction) -> &'static str {
    match direction {
        Direction::Maximize => "maximize",
        Direction::Minimize => "minimize",
    }
}
