//! Searches that end before they are done: out of time, asked to, interrupted by Ctrl-C.

mod signals;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use dropgrid::{
    Error, Failure, Tunable,
    error::StopReason,
    hook::FitInfo,
    limit::Stop,
    nn::Range,
    prelude::*,
    record::{Budget, Job, Record, Resource},
    study::{FitName, Records, Sqlite, StoredRecord},
};

use crate::{corners, kept, own_layer::own_layer};

/// Takes its time for each training pass.
#[derive(Debug, Clone, Default)]
struct Slow {
    milliseconds: f64,
}

impl Tunable for Slow {
    const SETTING: &'static str = "milliseconds";
    const RANGE: Range = Range { low: 0.0, high: 1e9, closed: true, text: "[0, 1e9]" };

    fn tune(&mut self, value: f64) {
        self.milliseconds = value;
    }
}

/// A pass from which on it sleeps for so long that it says so, for whoever waits for it.
const LONG: f64 = 1000.0;

own_layer!(Slow, |layer, input| train: {
    if layer.milliseconds >= LONG {
        println!("in flight");
    }
    thread::sleep(Duration::from_secs_f64(layer.milliseconds / 1000.0));
    input
}, evaluate: input);

#[searchable]
struct Tired {
    #[grid(0.0, 20.0)]
    slow: Slow,
    output: Linear<4, 3>,
}

#[searchable]
struct Patient {
    #[fixed(2.0)]
    slow: Slow,
    #[grid(0.0, 0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[grid(1e-2, 2e-2, 3e-2)]
    lr: f64,
}

/// Two batches an epoch, ten epochs, two folds: 40 ms of sleep a fit.
fn patient() -> dropgrid::search::Search<Patient, Grid> {
    let recipe = Train::adam(1e-2).epochs(10).batch_size(10);
    Patient::search(Grid).cv(KFold::new(2)).train(recipe).workers(2).progress(false)
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(40, 1.0)
}

/// The digest of the search that nothing ends.
fn whole() -> String {
    patient().cross_validate(&data()).expect("a whole search").digest()
}

#[test]
fn a_fit_that_takes_too_long_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("tired.study");
    let limit = Duration::from_millis(100);
    let search = || {
        let recipe = Train::adam(1e-2).epochs(10).batch_size(10);
        let search = Tired::search(Grid).cv(KFold::new(2)).train(recipe).fit_time_limit(limit);
        search.study(study.clone()).progress(false).cross_validate(&data()).expect("a report")
    };
    let report = search();
    assert_eq!(report.best_params().slow, 0.0);
    let failures: Vec<&Failure> = report.results().failures().collect();
    assert_eq!(failures.len(), 2);
    for failure in failures {
        let Failure::TimedOut { limit: taken, epoch, batch } = failure else { panic!("{failure}") };
        assert_eq!(*taken, limit);
        assert!((1..=10).contains(epoch) && (1..=2).contains(batch), "{failure}");
    }
    assert!(report.stopped().is_none());
    assert!(report.to_string().contains("2 of 4 fits failed: "), "{report}");
    assert_eq!(search().digest(), report.digest(), "the study keeps the failures, too");
}

/// What a study kept of fits that ran out of time, where a later search has less time, the same, more, or no limit.
#[test]
fn a_fit_that_ran_out_of_time_is_run_again_where_there_is_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("tired.study");
    let limit = Duration::from_millis(100);
    let begun = Arc::new(AtomicUsize::new(0));
    let search = |limit: Option<Duration>| {
        let recipe = Train::adam(1e-2).epochs(10).batch_size(10);
        let search = Tired::search(Grid).cv(KFold::new(2)).train(recipe).progress(false);
        let search = if let Some(limit) = limit { search.fit_time_limit(limit) } else { search };
        let counter = Arc::clone(&begun);
        search.hook(move |_: &FitInfo, _: &Epoch| {
            counter.fetch_add(1, Ordering::Relaxed);
        })
    };
    let failures = |limit| {
        begun.store(0, Ordering::Relaxed);
        let report = search(limit).study(&study).cross_validate(&data()).expect("a report");
        let failures = report.results().failures().map(ToString::to_string).collect::<Vec<_>>();
        (failures, begun.load(Ordering::Relaxed), report.digest())
    };
    let (first, trained, digest) = failures(Some(limit));
    assert!(first.len() == 2 && trained > 0);
    for same_or_less in [limit, limit / 2] {
        assert_eq!(failures(Some(same_or_less)), (first.clone(), 0, digest.clone()));
    }
    let (second, trained, _) = failures(Some(limit * 2));
    assert!(trained > 0 && second.len() == 2 && second.iter().all(|failure| failure.contains("200ms")), "{second:?}");
    let (none, trained, digest) = failures(None);
    assert!(none.is_empty() && trained > 0);
    assert_eq!(digest, search(None).cross_validate(&data()).expect("a report").digest());
    assert_eq!(failures(Some(limit)), (none, 0, digest), "what is done is done");
}

/// Another process on the study, with less time, gives a fit up while this one has not come to it yet.
#[test]
fn what_another_process_gave_up_sooner_is_run_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("patient.study");
    let last = PatientParams { slow: 2.0, dropout: 0.3, lr: 3e-2 };
    let gives_up = {
        let (study, params) = (study.clone(), serde_json::to_string(&last).expect("JSON"));
        let given_up = AtomicUsize::new(0);
        move |_: &FitInfo, _: &Epoch| {
            if given_up.fetch_add(1, Ordering::Relaxed) > 0 {
                return;
            }
            let failure = Failure::TimedOut { limit: Duration::from_millis(1), epoch: 1, batch: 1 };
            let job = Job { candidate: 0, params: (), fold: 1, budget: Budget::Full };
            let record = Record::new(&job, Err(failure));
            let name = FitName { params: params.clone(), fold: 1, resource: Resource::full(10) };
            let mut store = Sqlite::open(study.clone()).expect("the study");
            store.add(&[StoredRecord { name, record }], &[], &[]).expect("written");
        }
    };
    let report = patient().study(&study).hook(gives_up).cross_validate(&data()).expect("a report");
    assert_eq!((report.results().failures().count(), report.digest()), (0, whole()));
    assert_eq!(patient().study(&study).cross_validate(&data()).expect("a report").digest(), whole());
}

#[test]
fn a_search_out_of_time_reports_what_is_done_and_continues() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("patient.study");
    let budget = Duration::from_millis(250);
    let report = patient().time_budget(budget).study(study.clone()).cross_validate(&data()).expect("a report");
    let stopped = report.stopped().expect("12 candidates take longer");
    assert_eq!((stopped.why, stopped.planned), (StopReason::OutOfTime { budget }, 24));
    assert_eq!(stopped.done, kept(&study));
    let candidates = report.results().candidates();
    let (whole_ones, parts): (Vec<_>, Vec<_>) = candidates.iter().partition(|candidate| candidate.is_complete());
    assert!((1..12).contains(&whole_ones.len()), "{report}");
    // Those that the end has left on a fold stay, marked, and rank last.
    assert_eq!(candidates.iter().map(|candidate| candidate.records().len()).sum::<usize>(), stopped.done, "{report}");
    assert!(whole_ones.iter().all(|candidate| candidate.is_finalist() && candidate.rank(0) <= whole_ones.len()));
    for part in &parts {
        assert!(!part.is_finalist() && part.rank(0) > whole_ones.len(), "{report}");
        assert!(part.records().len() == 1 && report.to_string().contains("1 of 2 folds"), "{report}");
    }
    let said = "candidates that are not done on all folds rank last";
    let said = format!("warning: stopped after 250ms: {} of 24 fits are done; {said}", stopped.done);
    assert!(report.to_string().contains(&said), "{report}");
    let report = patient().study(study).cross_validate(&data()).expect("a report");
    assert!(report.stopped().is_none());
    assert_eq!(report.digest(), whole());
}

#[test]
fn no_time_at_all_is_an_error() {
    let error = patient().time_budget(Duration::ZERO).fit(&data()).expect_err("no time");
    assert_eq!(
        error.to_string(),
        "stopped after 0ns: 0 of 24 fits are done, and no candidate on all its folds: \
         give the search more time, or call it again on its study"
    );
    assert!(matches!(error, Error::Stopped { stopped, .. } if stopped.done == 0));
}

#[test]
fn a_request_lets_what_is_in_flight_end_or_not() {
    for grace in [Duration::from_mins(1), Duration::ZERO] {
        let folder = tempfile::tempdir().expect("a folder");
        let study = folder.path().join("patient.study");
        let stop = Stop::new();
        let asked = stop.clone();
        let watched = study.clone();
        let asking = thread::spawn(move || {
            while kept(&watched) < 4 {
                thread::sleep(Duration::from_millis(5));
            }
            asked.request(grace);
        });
        let report = patient().stop(&stop).study(study.clone()).cross_validate(&data()).expect("a report");
        asking.join().expect("the request");
        let stopped = report.stopped().expect("it was asked to");
        assert_eq!(stopped.why, StopReason::Asked);
        assert_eq!(stopped.done, kept(&study), "what is counted is kept");
        assert_eq!(report.results().failures().count(), 0, "what was cut off is no failure");
        assert_eq!(patient().study(study).cross_validate(&data()).expect("a report").digest(), whole());
    }
}
