//! A search as a page, as pictures and as a database of Optuna, from the report and from its study.

use std::{fs, path::Path};

use dropgrid::{
    error::StudyError,
    prelude::*,
    report::{view_of_study, write_optuna},
    study::StudyFile,
    view::{State, Status},
};

#[searchable]
struct Net {
    hidden: (Linear<2, 8>, ReLU),
    #[grid(0.0, 0.25, 0.5)]
    dropout: Dropout,
    output: Linear<8, 2>,
    #[train]
    #[log_uniform(1e-3..1e-1)]
    lr: f64,
}

/// The larger of two numbers.
fn data() -> Dataset<Classes<2>> {
    let rows: Vec<[f32; 2]> =
        (0..60_u16).map(|i| [f32::from(i * 7 % 60) / 60.0, f32::from(i * 13 % 60) / 60.0]).collect();
    let labels: Vec<usize> = rows.iter().map(|[a, b]| usize::from(b > a)).collect();
    Dataset::new(&rows, Classes::<2>::new(labels).expect("labels")).expect("data")
}

fn search() -> dropgrid::search::Search<Net, dropgrid::strategy::Random, (Accuracy, LogLoss)> {
    let recipe = Train::adam(1e-2).epochs(3).batch_size(10);
    Net::search(Random::new(6))
        .cv(KFold::new(3))
        .scoring((Accuracy, LogLoss))
        .train(recipe)
        .train_scores(true)
        .progress(false)
}

#[test]
fn a_report_is_a_page_and_pictures() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = data();
    let report = search().fit(&data).expect("a report");
    let only = Net::search(Only(report.best_params().clone())).cv(KFold::new(3)).train(Train::adam(1e-2).epochs(3));
    let predictions = only.cross_val_predict(&data).expect("predictions");
    let report = report.with_predictions(predictions.view(&data));
    let view = report.view();
    assert_eq!((view.title.as_str(), view.candidates.len(), view.folds, view.fits.done), ("Net", 6, 3, 18));
    assert_eq!(view.metrics[0].name, "accuracy");
    assert_eq!(view.best_candidate().and_then(dropgrid::view::Candidate::mean), Some(report.best_score()));
    assert!(view.candidates.iter().all(|it| it.state == State::Complete && it.curves.len() == 3));
    assert!(view.candidates.iter().flat_map(|it| &it.curves).all(|curve| curve.points.len() == 3));
    // The range is that of the struct, and not that of the draws.
    assert!(format!("{:?}", view.axes[1].domain).starts_with("Range { low: 0.001, high: 0.1, log: true"));
    assert_eq!(view.axes[0].domain.values().len(), 3);
    assert!(view.facts.iter().any(|fact| fact.name == "seed" && fact.text == "0"));
    let confusion = view.predictions.as_ref().and_then(|it| it.confusion.as_ref()).expect("a confusion matrix");
    assert_eq!(confusion.counts.iter().flatten().sum::<u64>(), 60);

    let page = folder.path().join("report.html");
    report.to_html(&page).expect("written");
    let text = fs::read_to_string(&page).expect("the page");
    assert!(text.contains("score-by-dropout") && text.contains("confusion") && text.contains(&report.digest()));
    let paths = report.to_svg(folder.path().join("plots")).expect("written");
    assert!(paths.len() >= 8, "{paths:?}");
    for path in paths {
        let svg = fs::read_to_string(&path).expect("a picture");
        assert!(svg.starts_with("<svg") && svg.contains("xmlns=\"http://www.w3.org/2000/svg\""), "{}", path.display());
    }
}

#[test]
fn a_study_gives_the_pictures_of_its_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let report = search().study(&path).fit(&data()).expect("a report");
    let file = StudyFile::open(&path).expect("the study");
    let (study, of_report) = (view_of_study(&file, &[]), report.view());
    assert_eq!((&study.status, study.title.as_str()), (&Status::Done, "Net"));
    assert_eq!(study.axes.iter().map(|axis| &axis.name).collect::<Vec<_>>(), ["dropout", "lr"]);
    assert_eq!(study.axes[1], of_report.axes[1]);
    let mut means: [Vec<_>; 2] =
        [&study, &of_report].map(|view| view.candidates.iter().map(dropgrid::view::Candidate::mean).collect());
    for means in &mut means {
        means.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
    }
    assert_eq!(means[0], means[1]);
    assert_eq!(study.best_candidate().and_then(dropgrid::view::Candidate::mean), Some(report.best_score()));
    assert!(study.facts.iter().any(|fact| fact.name == "hyperparameters" && fact.text.contains("dropout in")));
}

/// A study has no reasons, and the states are those of the report all the same.
#[test]
fn candidates_that_a_race_gave_up_are_pruned_in_its_study_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let race = Net::search(Race::new(Random::new(8)).alpha(0.5).burn_in(2));
    let race = race.cv(KFold::new(6)).train(Train::adam(1e-2).epochs(3).batch_size(10)).progress(false);
    let report = race.study(&path).fit(&data()).expect("a report");
    let states = |view: &dropgrid::view::SearchView| {
        let mut states: Vec<&str> = view.candidates.iter().map(|it| it.state.word()).collect();
        states.sort_unstable();
        states.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let (study, of_report) = (view_of_study(&StudyFile::open(&path).expect("the study"), &[]), report.view());
    assert!(states(&of_report).contains(&"pruned".to_owned()), "{:?}", states(&of_report));
    assert_eq!((states(&study), &study.status), (states(&of_report), &Status::Done));
}

/// The files that `.ci/readers` opens by other programs are these.
#[test]
fn a_database_of_optuna_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.db");
    let report = search().fit(&data()).expect("a report");
    fs::write(&path, "before").expect("written");
    report.to_optuna(&path).expect("written");
    let bytes = fs::read(&path).expect("the database");
    assert!(bytes.starts_with(b"SQLite format 3\0"));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
    let missing = folder.path().join("none/x.db");
    assert!(matches!(report.to_optuna(&missing), Err(dropgrid::Error::File(_))));
    if let Some(folder) = std::env::var_os("DROPGRID_READERS") {
        write_optuna(&report.view(), &Path::new(&folder).join("x.db")).expect("written");
        let json = serde_json::to_string(&report.view()).expect("JSON");
        fs::write(Path::new(&folder).join("x.json"), json).expect("written");
    }
}

#[test]
fn a_damaged_study_shows_what_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    search().study(&path).fit(&data()).expect("a report");
    let (whole, faults) = StudyFile::salvage(&path).expect("the study");
    assert!(faults.is_empty() && whole.fits() == 18);
    assert!(matches!(
        StudyFile::salvage(folder.path().join("none")),
        Err(dropgrid::Error::Study(StudyError::Store { .. }))
    ));
}
