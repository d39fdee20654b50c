//! A study as the commands see it: the archive and its results, or a glance at both.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use dropgrid_core::{
    error::Failure,
    escape::escaped,
    metric::Direction,
    report::{Candidate, Fields, MetricInfo, Overview, Results},
    study::{About, Archive, Untyped},
};
use serde_json::{Map, Value, json};

use crate::{error::Error, time::rfc3339};

/// A study's file, read.
#[derive(Debug)]
pub(crate) struct Study {
    pub(crate) path: PathBuf,
    pub(crate) archive: Archive,
    /// The candidates that are done on all folds.
    pub(crate) results: Results<Untyped>,
}

impl Study {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let archive = Archive::open(path)?;
        let results = Results::of_study(&archive);
        Ok(Self { path: path.to_owned(), archive, results })
    }

    /// The metrics, the deciding one first; none where no search has begun.
    pub(crate) fn metrics(&self) -> &[MetricInfo] {
        self.archive.metrics()
    }

    /// The best candidate that is done.
    pub(crate) fn best(&self) -> Option<&Candidate<Untyped>> {
        self.results.best().map(|best| &self.results.candidates()[best])
    }

    /// A summary of the study.
    pub(crate) fn glance(&self) -> Glance {
        let overview = Overview {
            about: self.archive.about().clone(),
            tried: self.archive.tried().len(),
            done: self.results.candidates().len(),
            fits: self.archive.fits(),
            failed: self.archive.failed(),
            best_score: self.best().map(|best| best.mean(0)),
        };
        Glance { path: self.path.clone(), overview, changed: changed(&self.path) }
    }

    /// A candidate with its summaries, and its scores by fold.
    pub(crate) fn candidate(&self, candidate: &Candidate<Untyped>) -> Value {
        let metric = |(at, metric): (usize, &MetricInfo)| {
            let mut fields = json!({
                "name": metric.name,
                "mean": candidate.mean(at),
                "std": candidate.std(at),
                "rank": candidate.rank(at),
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
            "metrics": self.metrics().iter().enumerate().map(metric).collect::<Value>(),
            "failures": failures(candidate),
            "retried": retried(candidate),
        })
    }
}

/// A study at a glance: nothing of it is in memory but what is told.
#[derive(Debug)]
pub(crate) struct Glance {
    pub(crate) path: PathBuf,
    pub(crate) overview: Overview,
    changed: Option<SystemTime>,
}

impl Glance {
    pub(crate) fn of(path: &Path) -> Result<Self, Error> {
        let overview = Overview::open(path)?;
        Ok(Self { path: path.to_owned(), overview, changed: changed(path) })
    }

    fn about(&self) -> &About {
        &self.overview.about
    }

    fn metrics(&self) -> &[MetricInfo] {
        self.about().legend.as_ref().map_or(&[], |legend| &legend.metrics)
    }

    /// The model's name.
    pub(crate) fn model(&self) -> Option<&str> {
        self.about().identity.part("model")?.split_whitespace().next()
    }

    /// The best score with the name of its metric.
    pub(crate) fn best(&self) -> Option<(&str, f64)> {
        Some((&self.metrics().first()?.name, self.overview.best_score?))
    }

    /// The time of the last change to the file or to its write-ahead log.
    pub(crate) fn changed(&self) -> Option<String> {
        self.changed.and_then(rfc3339)
    }

    /// The time of the last change within the last day, else its date.
    pub(crate) fn changed_in_short(&self) -> Option<String> {
        const DAY: Duration = Duration::from_hours(24);
        let is_recent = self.changed?.elapsed().map_or(true, |age| age < DAY);
        let text = self.changed()?;
        let (date, time) = text.split_once('T')?;
        Some(if is_recent { time.replace('Z', "") } else { date.to_owned() })
    }

    /// The number of fits that the search plans, where the study says it.
    pub(crate) fn planned(&self) -> Option<usize> {
        self.about().legend.as_ref().and_then(|legend| legend.fits)
    }

    /// The summary as JSON, as `ls` prints it.
    pub(crate) fn summary(&self) -> Map<String, Value> {
        let Overview { about, tried, done, fits, failed, best_score } = &self.overview;
        let summary = json!({
            "path": self.path.to_string_lossy(),
            "format": about.format,
            "model": self.model(),
            "changed": self.changed(),
            "folds": about.legend.as_ref().map_or(0, |legend| legend.folds.len()),
            "metrics": self.metrics().iter().map(metric).collect::<Value>(),
            "candidates": { "tried": tried, "done": done },
            "fits": { "done": fits, "failed": failed, "planned": self.planned() },
            "running": { "processes": about.running.processes, "fits": about.running.fits },
            "best_score": best_score,
        });
        if let Value::Object(summary) = summary { summary } else { Map::new() }
    }
}

fn metric(metric: &MetricInfo) -> Value {
    let direction = match metric.direction {
        Direction::Maximize => "maximize",
        Direction::Minimize => "minimize",
    };
    json!({ "name": metric.name, "direction": direction })
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

/// The reasons of failed attempts that another attempt followed.
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

/// A metric's name and direction.
pub(crate) fn words(metric: &MetricInfo) -> String {
    let better = match metric.direction {
        Direction::Maximize => "higher",
        Direction::Minimize => "lower",
    };
    format!("{} ({better} is better)", escaped(&metric.name))
}
