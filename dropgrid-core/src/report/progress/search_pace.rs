//! The rate of a running search, and the time that is left of it, by the durations in the records of its study.

use std::fmt;

use super::{
    pace::Pace,
    state::{left_words, rate_words},
};
use crate::{
    record::Record,
    study::{Metadata, RunningFits, StudyFile},
};

/// The rate of a running search, and the time that is left of it, by the records of its study.
///
/// Other than the bar of a search, it needs no clock: the records have the duration of each fit, and each process that
/// works on the study has told how many fits it runs at once. So one look at the file is enough, and several processes
/// count together. Both numbers are `None` while no process works on the study or no fit has taken any time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct SearchPace {
    /// Fits a second: the number that run at once over the mean duration of a fit.
    pub rate: Option<f64>,
    /// The seconds that are left if fits of each architecture go on to take as long as they did; `None` where the number
    /// of fits is not known, too.
    pub seconds_left: Option<f64>,
}

impl SearchPace {
    /// The pace by the records of a study.
    pub fn of_study(study: &StudyFile) -> Self {
        let info = study.info();
        let mut pace = RecordedPace::new(info.metadata.as_ref(), info.running);
        for candidate in study.candidates() {
            candidate.records().for_each(|record| pace.add(&candidate.name, record));
        }
        pace.finish()
    }
}

/// The rate and the time left, as far as they are known: `2.4 fits/s, about 5 min left`.
impl fmt::Display for SearchPace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words =
            [self.rate.and_then(rate_words), self.seconds_left.filter(|seconds| *seconds > 0.0).map(left_words)];
        f.write_str(&words.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// The durations of the records that were read so far.
pub(in crate::report) struct RecordedPace {
    pace: Pace,
    planned: Option<usize>,
    workers: usize,
    fits: usize,
    seconds: f64,
    /// The name of the last candidate, and the number of names before it.
    last: (String, u64),
}

impl RecordedPace {
    pub(in crate::report) fn new(metadata: Option<&Metadata>, running: RunningFits) -> Self {
        let architecture = metadata.map_or_else(Vec::new, |metadata| metadata.architecture.clone());
        let count = metadata.and_then(|metadata| metadata.architectures).unwrap_or(1);
        Self {
            pace: Pace::new(architecture, count, running.workers),
            planned: metadata.and_then(|metadata| metadata.fits),
            workers: running.workers,
            fits: 0,
            seconds: 0.0,
            last: (String::new(), 0),
        }
    }

    /// Adds a record. Those of a candidate, which is given as JSON, come one after the other.
    pub(in crate::report) fn add(&mut self, params: &str, record: &Record) {
        if self.last.0 != params {
            self.last = (params.to_owned(), self.last.1 + 1);
        }
        let seconds = (record.fit_time + record.score_time).as_secs_f64();
        self.pace.add(self.last.1, params, seconds);
        (self.fits, self.seconds) = (self.fits + 1, self.seconds + seconds);
    }

    /// The pace of so many workers.
    pub(in crate::report) fn finish(self) -> SearchPace {
        let rate = self.workers as f64 * self.fits as f64 / self.seconds;
        let rate = Some(rate).filter(|rate| rate.is_finite() && *rate > 0.0);
        let seconds_left = rate.and(self.planned).and_then(|planned| self.pace.left(planned));
        SearchPace { rate, seconds_left }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::record::{Budget, Curve, Details};

    fn record(seconds: f64) -> Record {
        Record {
            candidate: 0,
            fold: 0,
            budget: Budget::Full,
            outcome: Ok(vec![0.5]),
            warnings: vec![Vec::new()],
            train_scores: None,
            fit_time: Duration::from_secs_f64(seconds * 0.75),
            score_time: Duration::from_secs_f64(seconds * 0.25),
            curve: Curve::default(),
            details: Details::default(),
        }
    }

    fn pace(processes: usize, workers: usize, fits: Option<usize>, times: &[(&str, f64)]) -> SearchPace {
        let architecture = vec!["width".to_owned()];
        let metadata = Metadata { fits, architecture, architectures: Some(2), ..Metadata::default() };
        let mut pace = RecordedPace::new(Some(&metadata), RunningFits { processes, fits: workers, workers });
        for (params, seconds) in times {
            pace.add(params, &record(*seconds));
        }
        pace.finish()
    }

    #[test]
    fn all_workers_count_together_and_each_architecture_for_itself() {
        let [narrow, wide] = ["{\"width\":8}", "{\"width\":512}"];
        let times = [(narrow, 1.0), (narrow, 3.0), (wide, 20.0)];
        // Three workers in two processes. Ten fits of each architecture: eight of two seconds, nine of twenty.
        let by_three = pace(2, 3, Some(20), &times);
        assert_eq!(by_three, SearchPace { rate: Some(3.0 * 3.0 / 24.0), seconds_left: Some(196.0 / 3.0) });
        assert_eq!(by_three.to_string(), "2.7 s/fit, about 65 s left");
        let unplanned = pace(1, 60, None, &times);
        assert_eq!((unplanned.seconds_left, unplanned.to_string().as_str()), (None, "7.5 fits/s"));
    }

    #[test]
    fn nothing_is_left_of_what_is_done() {
        let done = pace(1, 2, Some(2), &[("{\"width\":8}", 1.0), ("{\"width\":16}", 3.0)]);
        assert_eq!((done.seconds_left, done.to_string().as_str()), (Some(0.0), "1.0 fits/s"));
    }

    #[test]
    fn a_search_at_rest_has_no_pace() {
        assert_eq!(pace(0, 0, Some(20), &[("{}", 1.0)]), SearchPace::default());
        assert_eq!(pace(1, 2, Some(20), &[]), SearchPace::default());
        // Trials that are told from outside took no time that anybody measured.
        assert_eq!(pace(1, 2, Some(20), &[("{}", 0.0)]), SearchPace::default());
        assert_eq!(SearchPace::default().to_string(), "");
    }
}
