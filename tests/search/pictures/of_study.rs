//! The page of a study, which is that of the report.

use dropgrid::{
    hook::{Epoch, FitInfo},
    report::front_of_study,
};

use super::*;

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
