//! Every kind of target from a file to predictions: two classes, many with names, flags, numbers; weights and groups.

use std::fs;

use dropgrid::{
    Error, SplitError,
    metric::{ConfusionMatrix, OutputAverage, Scored},
    prelude::*,
};

#[searchable]
struct One {
    hidden: (Linear<2, 8>, Tanh),
    #[grid(0.0, 0.1)]
    dropout: Dropout,
    output: Linear<8, 1>,
}

#[searchable]
struct Two {
    hidden: (Linear<2, 8>, Tanh),
    #[grid(0.0, 0.1)]
    dropout: Dropout,
    output: Linear<8, 2>,
}

fn recipe() -> Train {
    Train::adam(3e-2).epochs(60).batch_size(16)
}

/// Points of a grid on [-1, 1] x [-1, 1].
fn points() -> Vec<[f32; 2]> {
    (0..100).map(|at| [(at % 10) as f32 / 4.5 - 1.0, (at / 10) as f32 / 4.5 - 1.0]).collect()
}

#[test]
fn two_classes_with_one_output() {
    let inside = points().into_iter().map(|[x, y]| x * x + y * y < 0.6);
    let data = Dataset::new(points(), Binary::new(inside).expect("both classes")).expect("data");
    let scoring = (RocAuc::binary(), LogLoss, F1::binary(), BrierScore);
    let report = One::search(Grid)
        .cv(StratifiedKFold::new(5).shuffle())
        .scoring(scoring)
        .train(recipe().epochs(120))
        .seed(2)
        .fit(&data)
        .expect("a report");
    assert!(report.best_score() > 0.95, "{report}");
    let fitted = report.fitted();
    let probabilities = fitted.predict_proba(data.features()).expect("rows fit");
    let classes = fitted.predict(data.features()).expect("rows fit");
    for ([negative, positive], class) in probabilities.into_iter().zip(classes) {
        assert!((negative + positive - 1.0).abs() < 1e-12);
        assert_eq!(class, usize::from(positive > 0.5));
    }
    let accuracy = fitted.score(Accuracy, &data).expect("a score");
    assert!(accuracy > 0.9, "{accuracy} {report}");
}

#[test]
fn flags_each_by_itself() {
    let flags = points().into_iter().map(|[x, y]| [x > 0.0, y > 0.3]);
    let data = Dataset::new(points(), MultiLabel::<2>::new(flags).expect("flags")).expect("data");
    let scoring = (F1::averaged(Averaging::Macro), RocAuc::flags(Averaging::Macro), HammingLoss);
    let report =
        Two::search(Grid).cv(KFold::new(5).shuffle()).scoring(scoring).train(recipe()).fit(&data).expect("a report");
    assert!(report.best_score() > 0.9, "{report}");
    // Without a word, the share of rows whose flags are all right.
    let plain = Two::search(Grid).cv(KFold::new(5).shuffle()).train(recipe()).fit(&data).expect("a report");
    assert_eq!(plain.results().metrics()[0].name, "accuracy");
    let predicted = plain.fitted().predict(data.features()).expect("rows fit");
    let right = predicted.iter().zip(points()).filter(|&(flags, [x, y])| *flags == [x > 0.0, y > 0.3]).count();
    assert_eq!(plain.fitted().score(SubsetAccuracy, &data).expect("a score"), right as f64 / 100.0);
}

#[test]
fn several_numbers_at_once() {
    let values = points().into_iter().map(|[x, y]| [f64::from(x * y), f64::from(x - y)]);
    let data = Dataset::new(points(), Regression::<2>::new(values).expect("numbers")).expect("data");
    let report = Two::search(Grid).cv(KFold::new(4).shuffle()).train(recipe()).fit(&data).expect("a report");
    assert_eq!(report.results().metrics()[0].name, "r2");
    assert!(report.best_score() > 0.9, "{report}");
    let predicted = report.fitted().predict(data.features()).expect("rows fit");
    let squares = predicted
        .iter()
        .zip(points())
        .map(|(row, [x, y])| (row[0] - f64::from(x * y)).powi(2) + (row[1] - f64::from(x - y)).powi(2));
    let error = squares.sum::<f64>() / 200.0;
    assert!((report.fitted().score(MeanSquaredError, &data).expect("a score") - error).abs() < 1e-9);
    // There are no classes to stratify by.
    let stratified = Two::search(Grid).cv(StratifiedKFold::new(3)).fit(&data).unwrap_err();
    assert!(matches!(stratified, Error::Split(SplitError::NeedsClasses { .. })), "{stratified}");
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), text).expect("written");
    file
}

#[test]
fn a_file_names_classes_weights_and_groups() {
    let kind = ["oak", "ash", "elm"];
    use std::fmt::Write;
    let mut text = "x,y,tree,area,site\n".to_owned();
    for (at, [x, y]) in points().into_iter().enumerate() {
        let class = if x > 0.2 { 2 } else { usize::from(y > 0.0) };
        writeln!(text, "{x},{y},{},{},plot {}", kind[class], 1 + at % 3, at % 7).expect("memory");
    }
    let forest = file(&text);
    let target = Classes::<3>::in_column("tree").learn_names().weights("area").groups("site");
    let data = Dataset::from_csv(forest.path(), target).expect("data");
    assert_eq!(data.targets().names().expect("names"), ["ash", "elm", "oak"]);
    assert_eq!(data.features().width(), 2);
    assert_eq!(data.weights().expect("weights")[..4], [1.0, 2.0, 3.0, 1.0]);
    assert_eq!(data.groups().expect("groups")[..8], [0, 1, 2, 3, 4, 5, 6, 0]);

    #[searchable]
    struct Trees {
        hidden: (Linear<2, 8>, Tanh),
        #[grid(0.0, 0.1)]
        dropout: Dropout,
        output: Linear<8, 3>,
    }
    let search = || Trees::search(Only(TreesParams { dropout: 0.0 })).cv(GroupKFold::new(3)).train(recipe());
    let report = search().cross_validate(&data).expect("a report");
    let out_of_fold = search().cross_val_predict(&data).expect("predictions");
    let predicted = out_of_fold.predictions().classes();
    // Scores are weighted, and no group is on both sides of a fold.
    let groups = data.groups().expect("groups");
    let mut fold_of = [None; 7];
    for (row, &fold) in out_of_fold.folds().iter().enumerate() {
        assert_eq!(*fold_of[groups[row]].get_or_insert(fold), fold);
    }
    let (weights, labels) = (data.weights().expect("weights"), data.targets().labels());
    let (mut right, mut all) = (0.0, 0.0);
    for row in (0..100).filter(|&row| out_of_fold.folds()[row] == 0) {
        all += weights[row];
        right += if predicted[row] == labels[row] { weights[row] } else { 0.0 };
    }
    assert!((report.results().candidates()[0].scores(0)[0] - right / all).abs() < 1e-12);
    let all = out_of_fold.predictions().measure((Accuracy, BalancedAccuracy), &data).expect("scores");
    assert!(all[0].value > 0.85, "{all:?}");
    let scored = Scored::labels(labels, &predicted, 3).expect("labels");
    assert!(ConfusionMatrix::of(&scored).expect("a matrix").to_string().lines().count() >= 3);
}

#[test]
fn a_bad_cell_is_named_with_its_row_and_column() {
    let read = |text: &str, target| Dataset::from_csv(file(text).path(), target).unwrap_err().to_string();
    let trees = || Classes::<2>::in_column("tree").names(["oak", "ash"]);
    let unknown = read("x,tree\n1,oak\n2,elm\n", trees());
    assert!(unknown.contains("row 2") && unknown.contains("`elm`") && unknown.contains("`oak`"), "{unknown}");
    let weights = read("x,tree,w\n1,oak,1\n2,ash,-1\n", trees().weights("w"));
    assert_eq!(weights, "row 2: weight -1 is not a finite number of at least 0");
    let twice = read("x,tree\n1,oak\n", trees().weights("tree"));
    assert!(twice.contains("`tree`"), "{twice}");
    let missing = read("x,tree\n1,oak\n", trees().groups("site"));
    assert!(missing.contains("no column `site`"), "{missing}");
    let count = read("x,tree\n1,oak\n2,ash\n3,elm\n", Classes::<2>::in_column("tree").learn_names());
    assert!(count.contains('3') && count.contains('2'), "{count}");
}

/// Numbers of which the second is ten times the first.
fn numbers() -> Dataset<Regression<2>> {
    let values = points().into_iter().map(|[x, y]| [f64::from(x + y), f64::from(10.0 * (x - y))]);
    Dataset::new(points(), Regression::<2>::new(values).expect("numbers")).expect("data")
}

#[test]
fn a_study_knows_the_settings_of_its_metrics() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("outputs.study");
    let search = |weights: [f64; 2]| {
        let metric = OutputAverage::new(MeanAbsoluteError, weights);
        Two::search(Grid).cv(KFold::new(2)).scoring(metric).train(recipe().epochs(1)).progress(false)
    };
    let report = search([1.0, 0.0]).study(&path).cross_validate(&numbers()).expect("a report");
    assert_eq!(report.results().metrics()[0].name, "mean_absolute_error_outputs_1_0");
    let error = search([0.0, 1.0]).study(&path).cross_validate(&numbers()).expect_err("scores of another output");
    let text = "metrics was mean_absolute_error_outputs_1_0, is mean_absolute_error_outputs_0_1";
    assert!(error.to_string().contains(text), "{error}");

    let both = (OutputAverage::new(MeanAbsoluteError, [1.0, 0.0]), OutputAverage::new(MeanAbsoluteError, [0.0, 1.0]));
    let both = Two::search(Grid).cv(KFold::new(2)).scoring(both).train(recipe().epochs(1)).cross_validate(&numbers());
    let both = both.expect("columns of their own");
    assert_eq!(both.results().candidates()[0].scores(0), report.results().candidates()[0].scores(0));
    assert_ne!(both.results().candidates()[0].scores(0), both.results().candidates()[0].scores(1));

    let twice =
        Two::search(Grid).scoring((R2, MeanAbsoluteError, R2)).cross_validate(&numbers()).expect_err("a name twice");
    let text = "two metrics are named r2, but columns of scores are told apart by name: leave one out, or rename it";
    assert_eq!(twice.to_string(), text);
}

/// Trains on a row that it scores, and scores another one twice.
#[derive(Debug)]
struct Leaky;

impl dropgrid::split::Splitter for Leaky {
    fn split(
        &self,
        rows: dropgrid::split::Rows<'_>,
        _seed: dropgrid::seed::Seed,
    ) -> dropgrid::Result<dropgrid::split::Folds> {
        use dropgrid::split::{Folds, Split};
        let half = rows.len / 2;
        let splits = vec![Split::new(0..half + 1, half..rows.len), Split::new(0..half, vec![half, half + 1, half])];
        Ok(Folds { splits, warnings: Vec::new() })
    }
}

#[test]
fn leaks_of_any_splitter_are_told() {
    let report = Two::search(Grid).cv(Leaky).train(recipe().epochs(1)).cross_validate(&numbers()).expect("a report");
    let told: Vec<String> = report.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "fold 0 trains on 1 of the rows that it scores",
            "fold 1 has 1 repeated row to score: a row counts as often as it stands there",
        ]
    );
    let sound = Two::search(Grid).cv(ShuffleSplit::new(2)).train(recipe().epochs(1)).cross_validate(&numbers());
    assert!(sound.expect("a report").warnings().is_empty());
}

/// A space that no grid can list.
#[searchable]
struct Drawn {
    hidden: (Linear<2, 8>, Tanh),
    #[uniform(0.0..0.5)]
    dropout: Dropout,
    output: Linear<8, 2>,
}

#[test]
fn an_endless_search_ends_in_time() {
    // The first proposal has many candidates, which a loaded machine takes a while to draw.
    let budget = std::time::Duration::from_secs(2);
    let search = Drawn::search(Random::new(usize::MAX)).cv(KFold::new(2)).train(recipe().epochs(1)).progress(false);
    let report = search.time_budget(budget).cross_validate(&numbers()).expect("a report");
    let stopped = report.stopped().expect("there is always more to try");
    assert!(stopped.done < stopped.planned && stopped.planned <= 1 << 20, "{stopped}");
    let few = Drawn::search(Random::new(3)).cv(KFold::new(2)).train(recipe().epochs(1)).cross_validate(&numbers());
    let few = few.expect("a report");
    for (candidate, first) in few.results().candidates().iter().zip(report.results().candidates()) {
        assert_eq!(candidate.params(), first.params());
    }
}
