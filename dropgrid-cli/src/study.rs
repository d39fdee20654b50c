//! A study as the commands see it: the file and its results, or a glance at both.

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
    study::{ParamsJson, StudyFile, StudyInfo},
};
use serde_json::{Map, Value, json};

use crate::{error::Error, time::rfc3339};

/// A study's file, read.
#[derive(Debug)]
pub(crate) struct Study {
    pub(crate) path: PathBuf,
    pub(crate) file: StudyFile,
    /// The candidates of the file, in its order.
    pub(crate) results: Results<ParamsJson>,
}

impl Study {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = StudyFile::open(path)?;
        let results = Results::of_study(&file);
        Ok(Self { path: path.to_owned(), file, results })
    }

    /// The metrics, the deciding one first; none where no search has begun.
    pub(crate) fn metrics(&self) -> &[MetricInfo] {
        self.file.metrics()
    }

    /// The number of finalists.
    pub(crate) fn done(&self) -> usize {
        self.results.candidates().iter().filter(|candidate| candidate.is_finalist()).count()
    }

    /// The places of the candidates, best first.
    pub(crate) fn ranked(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.results.candidates().len()).collect();
        places.sort_by_key(|&at| self.results.candidates()[at].rank(0));
        places
    }

    /// The budget by which a candidate is judged, as `5 of 20 epochs`.
    fn budget(&self, at: usize) -> String {
        let budget = self.results.candidates()[at].budget();
        let fit = self.file.candidates()[at].fits.iter().find(|fit| fit.record.budget == budget);
        fit.map_or_else(|| budget.to_string(), |fit| fit.resource.words())
    }

    /// The best candidate that is done.
    pub(crate) fn best(&self) -> Option<&Candidate<ParamsJson>> {
        self.results.best().map(|best| &self.results.candidates()[best])
    }

    /// A summary of the study.
    pub(crate) fn glance(&self) -> Glance {
        let overview = Overview::of(&self.file, &self.results);
        Glance { path: self.path.clone(), overview, changed: changed(&self.path) }
    }

    /// A candidate with its budget, its summaries, and its scores by fold.
    pub(crate) fn candidate(&self, at: usize) -> Value {
        let candidate = &self.results.candidates()[at];
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
            "budget": self.budget(at),
            "finalist": candidate.is_finalist(),
            "folds_done": candidate.records().iter().map(|record| record.fold).collect::<Vec<_>>(),
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

    fn info(&self) -> &StudyInfo {
        &self.overview.info
    }

    fn metrics(&self) -> &[MetricInfo] {
        self.info().metadata.as_ref().map_or(&[], |metadata| &metadata.metrics)
    }

    /// The model's name.
    pub(crate) fn model(&self) -> Option<&str> {
        self.info().identity.part("model")?.split_whitespace().next()
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
        self.info().metadata.as_ref().and_then(|metadata| metadata.fits)
    }

    /// The summary as JSON, as `ls` prints it.
    pub(crate) fn summary(&self) -> Map<String, Value> {
        let Overview { info, candidates, done, fits, failed, pace, best_score, .. } = &self.overview;
        let summary = json!({
            "path": self.path.to_string_lossy(),
            "format": info.format,
            "model": self.model(),
            "changed": self.changed(),
            "folds": info.metadata.as_ref().map_or(0, |metadata| metadata.folds.len()),
            "metrics": self.metrics().iter().map(metric).collect::<Value>(),
            "candidates": { "tried": candidates, "done": done },
            "fits": { "done": fits, "failed": failed, "planned": self.planned() },
            "running": { "processes": info.running.processes, "fits": info.running.fits, "workers": info.running.workers },
            "pace": { "fits_per_second": pace.rate, "seconds_left": pace.seconds_left },
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
pub(crate) fn params(params: &ParamsJson) -> Value {
    let present = params.fields().into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(present.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn failures(candidate: &Candidate<ParamsJson>) -> Value {
    let failed = candidate.records().iter().filter_map(|record| Some((record.fold, record.outcome.as_ref().err()?)));
    failed.map(|(fold, failure)| json!({ "fold": fold, "reason": failure.to_string() })).collect()
}

/// Why attempts failed that were followed by others.
fn retried(candidate: &Candidate<ParamsJson>) -> Value {
    let attempts = candidate.records().iter().flat_map(|record| {
        let reason = |failure: &Failure| json!({ "fold": record.fold, "reason": failure.to_string() });
        record.details.retried.iter().map(reason)
    });
    attempts.collect()
}

/// The time of the last change to a study's file or to its write-ahead log.
pub(crate) fn changed(path: &Path) -> Option<SystemTime> {
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
