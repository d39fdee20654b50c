//! What a search has claimed ahead when it ends is free for other processes, while a fit in flight goes on for long.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use dropgrid::{
    Error,
    hook::FitInfo,
    limit::Stop,
    prelude::*,
    record::Resource,
    report::Report,
    study::{ClaimStatus, Claims, FitName, Sqlite, StudyFile},
};

use crate::corners;

#[searchable]
struct Mlp {
    #[grid(0.0..=0.49, step = 0.01)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

/// The fit that goes on, and those that are claimed by then: in flight on two workers, and three more.
const LONG: (u32, u64) = (0, 5);
const AHEAD: usize = 5;

/// Waits for something that comes soon, unless something is wrong.
fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_mins(1), "it waits for ever");
        thread::sleep(Duration::from_millis(1));
    }
}

/// What is told between the search and the test.
#[derive(Default)]
struct Told {
    long_has_begun: AtomicBool,
    search_ends: AtomicBool,
    long_may_end: AtomicBool,
}

/// Searches until `stop` is requested or, where it `raises`, until a fit fails; the long one then still runs.
fn search(study: &Path, told: &Arc<Told>, raises: bool) -> Result<Report<Mlp, Classes<3>, ()>, Error> {
    let (told, stop, watched) = (Arc::clone(told), Stop::new(), study.to_owned());
    let asked = stop.clone();
    let hook = move |fit: &FitInfo, _: &Epoch| {
        let is_ahead = || StudyFile::open(&watched).is_ok_and(|study| study.info().running.fits >= AHEAD);
        if (fit.fold, fit.candidates.as_slice()) == (Some(LONG.0), &[LONG.1]) {
            told.long_has_begun.store(true, Ordering::SeqCst);
            if !raises {
                until(is_ahead);
                asked.request(Duration::from_mins(10));
                told.search_ends.store(true, Ordering::SeqCst);
            }
            until(|| told.long_may_end.load(Ordering::SeqCst));
        } else if raises && told.long_has_begun.load(Ordering::SeqCst) && is_ahead() {
            told.search_ends.store(true, Ordering::SeqCst);
            panic!("a fit that must not fail");
        }
    };
    let score = if raises { ErrorScore::Raise } else { ErrorScore::Nan };
    let recipe = Train::adam(1e-2).epochs(3).batch_size(10);
    let search = Mlp::search(Grid).cv(KFold::new(2)).train(recipe).workers(2).error_score(score).progress(false);
    search.stop(&stop).study(study).hook(hook).cross_validate(&corners::corners(40, 1.0))
}

#[test]
fn what_has_not_begun_is_given_back_when_a_search_ends() {
    for raises in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let (study, told) = (folder.path().join("shared.study"), Arc::new(Told::default()));
        let searching = thread::spawn({
            let (study, told) = (study.clone(), Arc::clone(&told));
            move || search(&study, &told, raises)
        });
        until(|| told.search_ends.load(Ordering::SeqCst));

        let mut fits: Vec<FitName> = Vec::new();
        for params in &Mlp::space() {
            let params = serde_json::to_string(&params).expect("JSON");
            fits.extend([0, 1].map(|fold| FitName { params: params.clone(), fold, resource: Resource::full(3) }));
        }
        let wanted: Vec<&[FitName]> = fits.iter().map(std::slice::from_ref).collect();
        let mut other = Sqlite::open(&study).expect("the study");
        let begun = Instant::now();
        loop {
            let standings = other.claim(&wanted, fits.len(), true).expect("an answer");
            let elsewhere = |standing: &ClaimStatus| matches!(standing, ClaimStatus::Elsewhere { .. });
            let elsewhere: Vec<usize> = (0..fits.len()).filter(|&at| elsewhere(&standings[at])).collect();
            if elsewhere == [2 * LONG.1 as usize + LONG.0 as usize] {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{elsewhere:?} are not given back");
            thread::sleep(Duration::from_millis(5));
        }
        drop(other);
        told.long_may_end.store(true, Ordering::SeqCst);
        match searching.join().expect("its end") {
            Ok(report) => assert!(!raises && report.stopped().is_some(), "{report}"),
            Err(error) => assert!(raises && matches!(error, Error::FitFailed { .. }), "{error}"),
        }
    }
}
