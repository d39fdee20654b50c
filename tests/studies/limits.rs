//! Searches that end before they are done: out of time, asked to, interrupted by Ctrl-C.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use dropgrid::{
    Error, Failure, Tunable,
    error::Ended,
    hook::FitInfo,
    limit::Stop,
    nn::Range,
    prelude::*,
    record::{Details, Record},
    study::{Archive, Kept, Sqlite, Store},
};

use crate::corners;
use crate::own_layer::own_layer;

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

/// Fits kept in a file; none where it is only being made.
fn kept(study: &Path) -> usize {
    Archive::open(study).map_or(0, |study| study.fits())
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
            let record = Record {
                candidate: 0,
                fold: 1,
                outcome: Err(failure),
                warnings: Vec::new(),
                train_scores: None,
                fit_time: Duration::ZERO,
                score_time: Duration::ZERO,
                details: Details::default(),
            };
            let mut store = Sqlite::open(study.clone()).expect("the study");
            store.keep(&[Kept { params: params.clone(), record }]).expect("written");
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
    assert_eq!((stopped.why, stopped.planned), (Ended::OutOfTime { budget }, 24));
    assert_eq!(stopped.done, kept(&study));
    let candidates = report.results().candidates();
    assert!((1..12).contains(&candidates.len()) && candidates.len() * 2 <= stopped.done, "{report}");
    let said = format!("warning: stopped after 250ms: {} of 24 fits are done; candidates", stopped.done);
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
    assert!(matches!(error, Error::Stopped(stopped) if stopped.done == 0));
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
        assert_eq!(stopped.why, Ended::Asked);
        assert_eq!(stopped.done, kept(&study), "what is counted is kept");
        assert_eq!(report.results().failures().count(), 0, "what was cut off is no failure");
        assert_eq!(patient().study(study).cross_validate(&data()).expect("a report").digest(), whole());
    }
}

/// Searches with a handler of Ctrl-C, in a process of its own.
#[test]
#[ignore = "the part of a test below that is interrupted"]
fn interrupted_part() {
    let study = env::var_os("DROPGRID_TEST_STUDY").expect("a study");
    let grace = Duration::from_secs(if env::var_os("DROPGRID_TEST_LONG").is_some() { 600 } else { 10 });
    let stop = Stop::on_ctrl_c(grace).expect("a handler");
    assert!(matches!(Stop::on_ctrl_c(grace), Err(Error::CtrlC(_))), "a process has one handler");
    let slow = if env::var_os("DROPGRID_TEST_LONG").is_some() { 30.0 * LONG } else { 2.0 };
    println!("ready");
    let space = Patient::space().slow([slow]);
    let report = patient().space(space).stop(&stop).study(Path::new(&study)).cross_validate(&data()).expect("a report");
    println!("{report}");
}

fn start(study: &Path, long: bool) -> Child {
    // SIGHUP, SIGINT or SIGTERM, which `nohup` or a shell's background may have had ignored.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    let mut command = Command::new("env");
    if ignored.is_some_and(|ignored| ignored & 0x4003 != 0) {
        command.arg("--default-signal=HUP,INT,TERM");
    }
    command.arg(env::current_exe().expect("this program"));
    launch(command, study, long)
}

/// Starts the part by a command to which its arguments are given.
fn launch(mut command: Command, study: &Path, long: bool) -> Child {
    command.args(["--ignored", "--exact", "limits::interrupted_part", "--nocapture"]).env("DROPGRID_TEST_STUDY", study);
    if long {
        command.env("DROPGRID_TEST_LONG", "");
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    // Until the handler is there, Ctrl-C is the end; until fits are in flight, there is nothing to wait for.
    let stdout = child.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(stdout);
    let mut line = String::new();
    while !line.contains(if long { "in flight" } else { "ready" }) {
        line.clear();
        assert!(lines.read_line(&mut line).expect("text") > 0, "the process ended");
    }
    child.stdout = Some(lines.into_inner());
    child
}

fn interrupt(child: &Child) {
    signal(child, "-INT");
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill");
    assert!(status.success());
}

/// What a process said on its streams until it ended well.
fn said(mut child: Child) -> (String, String) {
    let (mut output, mut errors) = (String::new(), String::new());
    child.stdout.take().expect("a pipe").read_to_string(&mut output).expect("text");
    child.stderr.take().expect("a pipe").read_to_string(&mut errors).expect("text");
    assert!(child.wait().expect("its end").success(), "{output}{errors}");
    (output, errors)
}

fn until_kept(study: &Path, fits: usize) {
    while kept(study) < fits {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_once_finishes_and_twice_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("patient.study");

    let child = start(&study, false);
    until_kept(&study, 4);
    interrupt(&child);
    let (output, errors) = said(child);
    assert!(errors.contains("stopping: fits in flight have 10s; Ctrl-C again stops now"), "{errors}");
    assert!(output.contains("warning: stopped as asked: "), "{output}");
    let done = kept(&study);
    assert!((4..24).contains(&done), "{done}");

    let long = folder.path().join("long.study");
    let mut child = start(&long, true);
    let begun = Instant::now();
    interrupt(&child);
    thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().expect("its state").is_none(), "it waits for what is in flight");
    interrupt(&child);
    let status = child.wait().expect("its end");
    assert_eq!(status.code(), Some(130));
    assert!(begun.elapsed() < Duration::from_mins(1), "it did not wait for its fits");

    let report = patient().study(study).cross_validate(&data()).expect("a report");
    assert_eq!(report.digest(), whole());
}

#[test]
#[cfg(target_os = "linux")]
fn whoever_asks_for_the_end_gets_it_unless_that_is_ignored() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["-TERM", "-HUP"] {
        let study = folder.path().join(format!("{name}.study"));
        let child = start(&study, false);
        until_kept(&study, 4);
        signal(&child, name);
        // systemd sends both.
        signal(&child, "-HUP");
        let (output, errors) = said(child);
        assert!(errors.contains("stopping: fits in flight have 10s"), "{name}: {errors}");
        assert!(output.contains("warning: stopped as asked: "), "{name}: {output}");
        let report = patient().study(study).cross_validate(&data()).expect("a report");
        assert_eq!(report.digest(), whole(), "{name}");
    }

    // As `nohup` starts it.
    let study = folder.path().join("nohup.study");
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]).arg(env::current_exe().expect("this program"));
    let child = launch(command, &study, false);
    until_kept(&study, 4);
    signal(&child, "-HUP");
    let (output, errors) = said(child);
    assert!(!output.contains("stopped as asked") && !errors.contains("stopping"), "{output}{errors}");
    assert_eq!(kept(&study), 24);

    let long = folder.path().join("long.study");
    let mut child = start(&long, true);
    for (name, pause) in [("-TERM", 0), ("-HUP", 1200), ("-TERM", 0)] {
        assert!(child.try_wait().expect("its state").is_none(), "it waits for what is in flight");
        signal(&child, name);
        thread::sleep(Duration::from_millis(pause));
    }
    assert_eq!(child.wait().expect("its end").code(), Some(143));
}
