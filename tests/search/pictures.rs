//! A search as a page, as pictures and as a database of Optuna, from the report and from its study.

mod databases;
mod judgements;
mod of_study;
mod predictions;

use std::{fs, path::Path};

use dropgrid::{
    error::StudyError,
    prelude::*,
    report::{Objective, Overview, Results, view_of_study, write_mlflow, write_optuna},
    study::StudyFile,
    view::{SearchView, State, Status},
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
    assert_eq!(study.monitored, of_report.monitored);
    assert!(study.predictions.is_some() && study.predictions == of_report.predictions, "{:?}", study.predictions);
    for name in ["seed", "digest", "made by", "recipe"] {
        let of = |view: &SearchView| view.facts.iter().find(|fact| fact.name == name).map(|fact| fact.text.clone());
        assert!(of(&study).is_some(), "{name}");
        assert_eq!(of(&study), of(&of_report), "{name}");
    }
}

/// Each candidate's hyperparameters, state, reason, stage, feasibility and rank, in the order of the hyperparameters.
fn told(view: &SearchView) -> Vec<String> {
    let of = |it: &dropgrid::view::Candidate| {
        let rank = it.deciding().map(|summary| summary.rank);
        format!("{:?} {:?} {:?} {:?} {} {rank:?}", it.params, it.state, it.reason, it.stage, it.is_feasible())
    };
    let mut all: Vec<String> = view.candidates.iter().map(of).collect();
    all.sort();
    all
}

fn race_of(candidates: usize) -> dropgrid::search::Search<Net, Race<Random>> {
    let race = Net::search(Race::new(Random::new(candidates)).alpha(0.5).burn_in(2));
    race.cv(KFold::new(6)).train(Train::adam(1e-2).epochs(3).batch_size(10)).progress(false)
}

#[test]
fn a_study_knows_the_declaration_and_the_constraints() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let report = search()
        .constraint("log_loss", ..0.65)
        .constraint("accuracy", 0.5..)
        .study(&path)
        .fit(&data())
        .expect("a report");
    let (study, of_report) = (view_of_study(&StudyFile::open(&path).expect("the study"), &[]), report.view());
    assert_eq!(told(&study), told(&of_report));
    assert_eq!((&study.constraints, &study.declaration), (&of_report.constraints, &of_report.declaration));
    assert_eq!(study.constraints, ["log_loss < 0.65", "accuracy >= 0.5"]);
    for candidate in &study.candidates {
        let mean = |metric: usize| candidate.summaries[metric].mean.expect("a score");
        let keeps = [mean(1) < 0.65, mean(0) >= 0.5];
        assert_eq!(candidate.violations.iter().map(|it| *it == Some(0.0)).collect::<Vec<_>>(), keeps);
    }
    if let Some(folder) = std::env::var_os("DROPGRID_READERS") {
        write_optuna(&study, &Path::new(&folder).join("z.db")).expect("written");
        fs::write(Path::new(&folder).join("z.json"), serde_json::to_string(&study).expect("JSON")).expect("written");
    }
    // Letter by letter, as above.
    let declared = "#[searchable]\nstruct Net {\n    hidden: (Linear<2, 8>, ReLU),\n    #[grid(0.0, 0.25, 0.5)]\n    dropout: \
                    Dropout,\n    output: Linear<8, 2>,\n    #[train]\n    #[log_uniform(1e-3..1e-1)]\n    lr: f64,\n}";
    assert_eq!(study.declaration.as_deref(), Some(declared));
    assert!(dropgrid::view::page(&study).contains("#[log_uniform(1e-3..1e-1)]"));
}

/// The front of the pictures is that of the report.
#[test]
fn pictures_compare_candidates_by_several_objectives() {
    let report = search().fit(&data()).expect("a report");
    let front = report.view().front.expect("a front");
    let names: Vec<&str> = front.objectives.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["accuracy", "log_loss"]);
    let expected = report.pareto(["accuracy", "log_loss"]).expect("a front");
    assert_eq!((front.places.as_slice(), front.knee), (expected.positions(), expected.knee()));
    let chosen = report.with_objectives([Objective::metric("log_loss"), Objective::fit_time()]).expect("a report");
    let front = chosen.view().front.expect("a front");
    assert_eq!(front.objectives[0].name, "log_loss");
    assert!(front.values.iter().all(|values| values.len() == 2 && values[1].is_some()));
    assert!(dropgrid::view::plots(&chosen.view()).iter().any(|plot| plot.name == "front-fit-time-in-s"));
    // Of one metric and one architecture there is nothing to compare.
    let report = race_of(8).fit(&data()).expect("a report");
    assert_eq!(report.view().front, None);
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
