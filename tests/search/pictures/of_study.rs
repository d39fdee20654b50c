//! The page of a study, which is that of the report.

use std::{
    env, process,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use dropgrid::{
    hook::{Epoch, FitInfo},
    report::front_of_study,
    view::page,
};

use super::*;
use crate::child;

/// The variable that makes a test process the search that dies: its study.
const STUDY: &str = "DROPGRID_PICTURED_STUDY";
/// The fits that it does before.
const DONE: usize = 10;

#[searchable]
struct Sized<#[grid(4, 8, 16)] const WIDTH: usize> {
    hidden: (Linear<3, WIDTH>, ReLU),
    #[grid(0.0, 0.25)]
    dropout: Dropout,
    output: Linear<WIDTH, 2>,
}

/// The numbers of [`data`] beside a column that says nothing.
fn with_constant() -> Dataset<Classes<2>> {
    let known = data();
    let rows: Vec<[f32; 3]> =
        (0..60).map(|row| [known.features().row(row)[0], known.features().row(row)[1], 5.0]).collect();
    Dataset::new(&rows, Classes::<2>::new(known.targets().labels().to_vec()).expect("labels")).expect("data")
}

fn sized() -> dropgrid::search::Search<Sized, Grid> {
    let recipe = Train::adam(1e-2).epochs(3).batch_size(10);
    Sized::search(Grid).cv(KFold::new(3)).train(recipe).train_scores(true).progress(false)
}

/// The whole of the data from which a page is drawn. The study has candidates in the order of their values, which is that
/// of this space.
#[test]
fn the_page_of_a_study_is_that_of_the_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let report = sized().bbc_cv(BbcCv::new()).study(&path).fit(&with_constant()).expect("a report");
    let of_report = report.view();
    let read = || StudyFile::open(&path).expect("the study");
    assert_eq!(view_of_study(&read(), &[]), of_report);
    assert!(of_report.warnings.iter().any(|warning| warning.contains("same number")), "{:?}", of_report.warnings);
    assert_eq!(of_report.certainty.last(), Some(&report.results().bbc().expect("a corrected score").to_string()));
    let front = of_report.front.as_ref().expect("a front");
    assert_eq!(front.objectives[1].name, "parameters");
    // 3 numbers in, and 2 classes out, each with its bias.
    let sizes: Vec<_> = front.values.iter().map(|values| values[1]).collect();
    assert_eq!(sizes, [4, 4, 8, 8, 16, 16].map(|width| Some(f64::from(width * (3 + 1) + (width + 1) * 2))));

    // Objectives of one's own.
    let own = || [Objective::metric("accuracy"), Objective::fit_time(), Objective::parameters()];
    let chosen = report.with_objectives(own()).expect("objectives").view().front;
    assert_eq!(Some(front_of_study(&read(), own()).expect("objectives")), chosen);
    assert!(front_of_study(&read(), [Objective::metric("recall")]).is_err());

    // The same search again trains nothing, and leaves the end as it was.
    sized().bbc_cv(BbcCv::new()).study(&path).cross_validate(&with_constant()).expect("a report");
    assert_eq!(view_of_study(&read(), &[]), of_report);
}

#[test]
fn a_search_that_ended_early_says_why_until_it_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let read = || view_of_study(&StudyFile::open(&path).expect("the study"), &[]);
    let of_report = sized().max_fits(16).study(&path).fit(&with_constant()).expect("a report").view();
    assert!(matches!(&of_report.status, Status::Stopped(why) if why.contains("16 of 18")), "{:?}", of_report.status);
    assert_eq!(read(), of_report);
    // A process that dies in the next search leaves nothing of that end behind.
    let dies = |info: &FitInfo, _: &Epoch| assert!(info.fold > Some(9), "a hook that fails");
    sized().hook(dies).error_score(ErrorScore::Raise).study(&path).fit(&with_constant()).expect_err("a failed fit");
    let left = read();
    assert!(left.facts.iter().all(|fact| fact.name != "digest") && left.seconds.is_none(), "{:?}", left.facts);
    // And one that comes to its end has that of the whole.
    let whole = sized().study(Study::at(&path).retry_failed()).fit(&with_constant()).expect("a report").view();
    assert_eq!(read(), whole);
}

/// Checks that the page of the study is that of the report.
#[track_caller]
fn check(path: &Path, of_report: &SearchView) {
    let of_study = view_of_study(&StudyFile::open(path).expect("the study"), &[]);
    assert_eq!(of_study, *of_report);
    assert_eq!(page(&of_study), page(of_report));
}

#[test]
fn the_page_of_a_study_has_the_choice_of_a_refit_rule() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let search = || sized().study(&path);
    let data = with_constant();

    let fresh = search().refit(FreshRepeats::of_top(3).repeats(1)).fit(&data).expect("a report");
    let of_report = fresh.view();
    assert!(of_report.certainty.last().is_some_and(|last| last.contains("on fresh repeats")), "{of_report:?}");
    check(&path, &of_report);

    // The end that the file has is that of the last search. Nothing is trained on folds any more, so it took no time.
    let timed = |view: SearchView| SearchView { seconds: of_report.seconds, ..view };
    let mean = search().refit(BestPosteriorMean).fit(&data).expect("a report").view();
    assert!(mean.certainty.iter().all(|said| !said.contains("on fresh repeats")), "{mean:?}");
    check(&path, &timed(mean));
    for chosen in 0..6 {
        let report = search().refit(move |_: &Results<SizedParams>| chosen).fit(&data).expect("a report");
        assert_eq!(report.view().best, Some(chosen));
        check(&path, &timed(report.view()));
    }
    let plain = search().cross_validate(&data).expect("a report");
    assert_eq!(plain.best().rank(0), 1);
    check(&path, &timed(plain.view()));
}

#[test]
fn the_page_of_a_study_says_why_its_best_has_no_model() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let fails = |info: &FitInfo, _: &Epoch| assert!(info.fold.is_some(), "no memory");
    let error = sized().hook(fails).retries(1).study(&path).fit(&with_constant()).expect_err("a failed training");
    let of_report = error.report::<Sized, Classes<2>>().expect("the report").view();
    let said = [
        "attempts at training the best on all rows failed: 1 x panicked: no memory",
        "the training of the best on all rows failed: panicked: no memory",
    ];
    assert!(of_report.warnings.ends_with(&said.map(str::to_owned)), "{:?}", of_report.warnings);
    check(&path, &of_report);
}

/// The search of a child process, which dies when the study has the records of its first fits; nothing where there is no
/// such variable.
#[test]
fn dying() {
    let Ok(path) = env::var(STUDY) else { return };
    let (begun, file) = (AtomicUsize::new(0), path.clone());
    let dies = move |_: &FitInfo, epoch: &Epoch| {
        if epoch.number == 1 && begun.fetch_add(1, Ordering::Relaxed) == DONE {
            while StudyFile::open(&file).map_or(0, |study| study.fits()) < DONE {
                thread::yield_now();
            }
            process::abort();
        }
    };
    sized().workers(1).hook(dies).study(path).cross_validate(&with_constant()).expect("a report");
}

#[test]
fn the_page_of_a_study_whose_search_was_killed_has_what_it_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let ended = child::command(module_path!(), "dying").env(STUDY, &path).output().expect("a child").status;
    assert!(!ended.success(), "{ended}");
    let killed = view_of_study(&StudyFile::open(&path).expect("the study"), &[]);
    assert_eq!((killed.fits.done, killed.fits.planned), (DONE, Some(18)));
    let front = killed.front.as_ref().expect("a front");
    let sizes: Vec<_> = front.values.iter().filter_map(|values| values[1]).collect();
    assert!(sizes.contains(&26.0) && sizes.contains(&50.0), "{sizes:?}");

    // A search that is told to end there has the same to say, except of its end.
    let report = sized().max_fits(DONE).study(&path).cross_validate(&with_constant()).expect("a report").view();
    let mut facts = report.facts.clone();
    facts.retain(|fact| fact.name != "digest");
    let expected = SearchView { status: killed.status.clone(), seconds: None, facts, ..report };
    assert_eq!(killed, expected);
    assert_eq!(page(&killed), page(&expected));
}
