//! What a strategy said of candidates, in the pictures of a study.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use dropgrid::hook::{Epoch, FitInfo};

use super::*;

#[test]
fn a_study_tells_what_the_strategy_said_of_candidates() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let view = |name: &str| view_of_study(&StudyFile::open(path(name)).expect("the study"), &[]);
    let report = race_of(8).study(path("race")).fit(&data()).expect("a report");
    let (study, of_report) = (view("race"), report.view());
    let pruned: Vec<_> = of_report.candidates.iter().filter(|it| it.state == State::Pruned).collect();
    assert!(!pruned.is_empty() && pruned.iter().all(|it| it.reason.is_some() && it.stage.is_some()), "{pruned:?}");
    assert_eq!((told(&study), &study.status), (told(&of_report), &Status::Done));
    let page = dropgrid::view::page(&study);
    assert!(page.contains("Given up, by stage") && page.contains("fold 2 of 6"));

    // One that ends early has open candidates beside those that were given up.
    let error = race_of(8).max_fits(18).study(path("early")).fit(&data()).expect_err("no candidate is done");
    let report = error.report::<Net, Classes<2>>().expect("what was done");
    let (study, of_report) = (view("early"), report.view());
    assert_eq!(told(&study), told(&of_report));
    let count = |state| study.candidates.iter().filter(|it| it.state == state).count();
    assert!(count(State::Pruned) > 0 && count(State::Unfinished) > 0, "{:?}", told(&study));
    assert_eq!(study.status, of_report.status);

    let halving = Net::search(SuccessiveHalving::new(Random::new(9)).min_resource(1).factor(3));
    let halving = halving.cv(KFold::new(3)).train(Train::adam(1e-2).epochs(9).batch_size(10)).progress(false);
    let report = halving.study(path("halving")).fit(&data()).expect("a report");
    assert_eq!(told(&view("halving")), told(&report.view()));
    assert!(dropgrid::view::page(&view("halving")).contains("Predictions of the best"));
    let overview = Overview::open(path("halving")).expect("the study");
    let finalists = report.results().candidates().iter().filter(|candidate| candidate.is_finalist()).count();
    assert!(finalists > 0 && finalists < 9, "{finalists}");
    assert_eq!((overview.candidates, overview.done, overview.best_score), (9, finalists, Some(report.best_score())));
    assert_eq!(
        StudyFile::open(path("halving")).map(|file| Results::of_study(&file).to_csv().contains(",iter,")).ok(),
        Some(true)
    );
}

/// The variable that makes a test process the race that ends before it is done.
const KILLED: &str = "DROPGRID_PICTURES_KILLED";

/// The number of candidates that a study's strategy has judged.
fn judged(path: impl AsRef<Path>) -> usize {
    StudyFile::open(path).map_or(0, |file| file.candidates().iter().filter(|it| it.judgement.is_some()).count())
}

#[test]
fn child() {
    if let Ok(path) = std::env::var(KILLED) {
        // The process dies in the middle of a fit, as soon as its study has judgements, however fast or slow it is.
        let study = path.clone();
        let dies = move |_: &FitInfo, _: &Epoch| {
            if judged(&study) > 3 {
                std::process::abort();
            }
        };
        race_of(40).hook(dies).study(path).fit(&data()).ok();
    }
}

#[test]
fn a_killed_race_has_said_why_it_gave_candidates_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let program = std::env::current_exe().expect("the test's own program");
    let mut command = Command::new(program);
    command.args(["--exact", "pictures::judgements::child", "--test-threads", "1"]).env(KILLED, &path);
    let end = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("a child");
    assert!(!end.success(), "the race was done before it gave candidates up");
    let view = view_of_study(&StudyFile::open(&path).expect("the study"), &[]);
    let of = |state| view.candidates.iter().filter(move |it| it.state == state);
    assert!(of(State::Pruned).count() > 3 && of(State::Pruned).all(|it| it.reason.is_some()));
    assert!(of(State::Unfinished).count() > 0 && matches!(view.status, Status::Stopped(_)), "{:?}", view.status);
}
