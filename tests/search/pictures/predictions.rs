//! Pictures of predictions, from what records keep of them.

use dropgrid::record::{Budget, Outcomes};

use super::*;

#[searchable]
struct Single<#[grid(4, 8)] const WIDTH: usize> {
    hidden: (Linear<2, WIDTH>, ReLU),
    output: Linear<WIDTH, 1>,
}

/// A report's predictions, and the exact ones of the same candidate. Those of the study, and of other workers, are the
/// same.
macro_rules! pictured {
    ($data:expr) => {{
        let folder = tempfile::tempdir().expect("a folder");
        let (path, data) = (folder.path().join("x.study"), &$data);
        let recipe = Train::adam(1e-2).epochs(5).batch_size(10);
        let search = || Single::search(Grid).cv(KFold::new(3)).train(recipe.clone()).progress(false);
        let report = search().workers(1).study(&path).fit(data).expect("a report");
        let of_report = report.view().predictions.expect("predictions");
        let file = StudyFile::open(&path).expect("the study");
        assert_eq!(view_of_study(&file, &[]).predictions.as_ref(), Some(&of_report));
        let others = search().workers(3).fit(data).expect("a report").view();
        assert_eq!(others.predictions.as_ref(), Some(&of_report));
        // What a study has is not computed anew.
        let again = search().study(&path).fit(data).expect("a report").view();
        assert_eq!(again.predictions.as_ref(), Some(&of_report));
        let only = Single::search(Only(report.best_params().clone())).cv(KFold::new(3)).train(recipe.clone());
        (of_report, only.progress(false).cross_val_predict(data).expect("predictions").view(data))
    }};
}

#[searchable]
struct Several {
    output: Linear<2, 3>,
    #[train]
    #[grid(1e-2, 3e-2)]
    lr: f64,
}

#[test]
fn each_of_several_classes_has_a_curve_against_all_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let rows: Vec<[f32; 2]> =
        (0..60).map(|row| [data().features().row(row)[0], data().features().row(row)[1]]).collect();
    let third = |[a, b]: &[f32; 2]| [1.0, 2.0].iter().filter(|&&third| (a + b) * 1.5 >= third).count();
    let labels = Classes::<3>::new(rows.iter().map(third).collect::<Vec<_>>()).expect("labels");
    let data = Dataset::new(&rows, labels).expect("data");
    let recipe = Train::adam(1e-2).epochs(5).batch_size(10);
    let search = Several::search(Grid).cv(KFold::new(3)).train(recipe.clone()).progress(false);
    let report = search.study(&path).fit(&data).expect("a report");
    let kept = report.view().predictions.expect("predictions").roc;
    let study = view_of_study(&StudyFile::open(&path).expect("the study"), &[]);
    assert_eq!(study.predictions.expect("predictions").roc, kept);
    let only = Several::search(Only(report.best_params().clone())).cv(KFold::new(3)).train(recipe).progress(false);
    let exact = only.cross_val_predict(&data).expect("predictions").view(&data).roc;
    for curves in [&kept, &exact] {
        assert_eq!(curves.iter().map(|curve| curve.class.as_str()).collect::<Vec<_>>(), ["0", "1", "2"]);
    }
    for (kept, exact) in kept.iter().zip(&exact) {
        assert_eq!((kept.bins, exact.bins), (Some(128), None));
        assert!(kept.points.iter().all(|point| exact.points.contains(point)), "each bound of a bin is a threshold");
        // Rows of one bin count half: the curve of all thresholds stays in the rectangles between bounds of bins.
        let tied: f64 =
            kept.points.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[1].1 - pair[0].1) / 2.0).sum();
        assert!((kept.area - exact.area).abs() <= tied + 1e-12, "{} and {} by {tied}", kept.area, exact.area);
    }
}

#[test]
fn every_page_has_the_predictions_of_its_best_candidate() {
    let classes = data();
    let rows: Vec<[f32; 2]> =
        (0..60).map(|row| [classes.features().row(row)[0], classes.features().row(row)[1]]).collect();
    // Hardly to be told apart, so that no probability is sure.
    let labels =
        classes.targets().labels().iter().enumerate().map(|(row, &label)| if row % 3 == 0 { 1 - label } else { label });
    let two = Dataset::new(&rows, Binary::new(labels.map(|label| label == 1)).expect("labels")).expect("data");
    let (kept, exact) = pictured!(two);
    assert_eq!((kept.rows, &kept.confusion), (60, &exact.confusion));
    assert_eq!(kept.calibration.len(), exact.calibration.len());
    for (kept, exact) in kept.calibration.iter().zip(&exact.calibration) {
        assert_eq!((kept.rows, kept.observed), (exact.rows, exact.observed));
        // Sums in single precision.
        assert!((kept.predicted - exact.predicted).abs() < 1e-6);
    }
    let ([kept], [exact]) = (&kept.roc[..], &exact.roc[..]) else { panic!("two classes have one curve") };
    assert_eq!((kept.class.as_str(), exact.class.as_str()), ("1", "1"));
    assert_eq!((kept.bins, exact.bins), (Some(128), None));
    assert!(kept.points.iter().all(|point| exact.points.contains(point)), "each bound of a bin is a threshold");
    // Near one half, sixty rows are in few bins, and rows of one bin count half.
    assert!((kept.area - exact.area).abs() < 0.03, "{} and {}", kept.area, exact.area);

    let sums = rows.iter().map(|&[a, b]| [f64::from(a + b * b)]);
    let (kept, exact) = pictured!(Dataset::new(&rows, Regression::<1>::new(sums).expect("numbers")).expect("data"));
    let [kept, exact] = [kept, exact].map(|it| (it.rows, it.residuals.expect("numbers").points));
    assert_eq!((kept.0, kept.1.len()), (60, 60));
    for (kept, exact) in kept.1.iter().zip(&exact.1) {
        assert_eq!((kept.0, kept.1), (f64::from(exact.0 as f32), f64::from(exact.1 as f32)));
    }
}

/// What each record tells of predictions, by hyperparameters, budget and fold.
fn outcomes(results: &Results<NetParams>) -> Vec<(String, bool, Option<Outcomes>)> {
    let mut all = Vec::new();
    for candidate in results.candidates() {
        for record in candidate.records().iter().chain(candidate.other_records()) {
            let key = format!("{:?} {:?} {}", candidate.params(), record.budget, record.fold);
            all.push((key, record.budget == Budget::Full, record.details.outcomes.clone()));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn trainings_of_every_budget_keep_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, data) = (folder.path().join("x.study"), data());
    let recipe = Train::adam(1e-2).epochs(9).batch_size(10);
    let halving = |workers| {
        let strategy = SuccessiveHalving::new(Random::new(9)).min_resource(1).factor(3);
        Net::search(strategy).cv(KFold::new(3)).train(recipe.clone()).progress(false).workers(workers)
    };
    let report = halving(2).study(&path).fit(&data).expect("a report");
    let all = outcomes(report.results());
    assert_eq!(all.iter().filter(|(_, is_whole, _)| *is_whole).count(), 3, "the winner's");
    assert!(all.len() > 30 && all.iter().all(|(.., kept)| kept.is_some()), "{all:?}");
    assert_eq!(outcomes(halving(1).fit(&data).expect("a report").results()), all);
    // The study gives them back, and the page has the exact counts.
    assert_eq!(outcomes(halving(1).study(&path).fit(&data).expect("a report").results()), all);
    let of_report = report.view().predictions.expect("predictions");
    assert_eq!(view_of_study(&StudyFile::open(&path).expect("the study"), &[]).predictions.as_ref(), Some(&of_report));
    let only = Net::search(Only(report.best_params().clone())).cv(KFold::new(3)).train(recipe.clone()).progress(false);
    assert_eq!(of_report.confusion, only.cross_val_predict(&data).expect("predictions").view(&data).confusion);
}

#[test]
fn a_study_that_is_extended_has_those_of_the_longer_training() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, data) = (folder.path().join("x.study"), data());
    let of = |epochs| {
        let recipe = Train::adam(1e-2).epochs(epochs).batch_size(10);
        Net::search(Random::new(4)).cv(KFold::new(3)).train(recipe).progress(false)
    };
    let short = of(2).keep_final_checkpoints(true).study(&path).fit(&data).expect("a report");
    let long = of(6).keep_final_checkpoints(true).study(Study::at(&path).extend()).fit(&data).expect("a report");
    let fresh = of(6).fit(&data).expect("a report");
    let predictions = |report: &Report<Net, Classes<2>>| report.view().predictions.expect("predictions");
    assert_eq!(predictions(&long), predictions(&fresh));
    assert_ne!(predictions(&long), predictions(&short));
}
