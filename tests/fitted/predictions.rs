//! Predictions: what agrees with what, at every threshold and in batches of any size.

use dropgrid::train::{PredictionColumns, TextColumn};

use super::*;

#[test]
fn decisions_and_probabilities_and_predictions_agree() {
    let (fitted, data) = (fitted(0), named());
    let (logits, probabilities) =
        (fitted.decision_function(data.features()).unwrap(), fitted.predict_proba(data.features()).unwrap());
    let (classes, names) = (fitted.predict(data.features()).unwrap(), fitted.predict_names(data.features()).unwrap());
    for (row, &class) in classes.iter().enumerate() {
        let sum: f64 = logits[row].iter().map(|logit| logit.exp()).sum();
        // Both are computed in f64 from the same numbers.
        assert!((logits[row][class].exp() / sum - probabilities[row][class]).abs() < 1e-12);
        assert!(logits[row].iter().all(|logit| *logit <= logits[row][class]));
        assert_eq!(names[row], ["left", "middle", "right"][class]);
    }

    let binary = small();
    let (odds, probabilities) =
        (binary.decision_function(&points()).unwrap(), binary.predict_proba(&points()).unwrap());
    for (odds, [_, positive]) in odds.iter().zip(&probabilities) {
        assert!((1.0 / (1.0 + (-odds).exp()) - positive).abs() < 1e-12);
    }
    let at = |threshold: f64| small().with_threshold(threshold).expect("a probability").predict(&points()).unwrap();
    for threshold in [0.0, 0.2, 0.5, 0.9] {
        let expected: Vec<usize> =
            probabilities.iter().map(|&[_, positive]| usize::from(positive > threshold)).collect();
        assert_eq!(at(threshold), expected);
    }
    for wrong in [-0.1, 1.0, f64::NAN] {
        let error = small().with_threshold(wrong).expect_err("no threshold");
        assert_eq!(error.to_string(), format!("threshold is {wrong}, expected a number in [0, 1)"));
    }
}

#[test]
fn a_threshold_decides_what_metrics_of_decisions_see() {
    let positive: Vec<bool> = (0..40).map(|at| at % 7 > at % 5).collect();
    let data = Dataset::from_features(points(), Binary::new(positive.clone()).expect("both classes")).expect("data");
    let fitted = small();
    let probabilities = fitted.predict_proba(&points()).unwrap();
    let (before, loss) = (fitted.score(Accuracy, &data).unwrap(), fitted.score(LogLoss, &data).unwrap());
    // Above the lowest and below the highest, so that some rows are on either side of it.
    let lowest = probabilities.iter().map(|row| row[1]).fold(1.0, f64::min);
    let fitted = fitted.with_threshold(lowest).expect("a probability");
    let right = probabilities.iter().zip(&positive).filter(|(row, positive)| (row[1] > lowest) == **positive).count();
    assert_eq!(fitted.score(Accuracy, &data).unwrap(), right as f64 / 40.0);
    assert_ne!(fitted.score(Accuracy, &data).unwrap(), before);
    assert_eq!(fitted.score(LogLoss, &data).unwrap(), loss, "probabilities are what they were");
}

#[test]
fn batches_of_any_size_predict_the_same() {
    let fitted = fitted(0);
    let rows: Vec<[f32; 4]> = (0..1300).map(|at| [at as f32 / 650.0, 1.0, -0.5, (at % 9) as f32]).collect();
    let all = fitted.predict_proba(&Features::from_rows(&rows).expect("rows")).unwrap();
    assert_eq!(all.len(), 1300);
    for at in [0, 511, 512, 1299] {
        let one = fitted.predict_proba(&Features::from_rows([rows[at]]).expect("a row")).unwrap();
        assert_eq!(one[0], all[at]);
    }
}

/// Layers that a program evaluates, with noise between them.
#[searchable]
struct Own {
    scale: Standardize<4>,
    hidden: (Linear<4, 16>, ReLU),
    #[grid(0.2)]
    dropout: Dropout,
    body: (Linear<16, 8>, SiLU),
    #[grid(0.1)]
    noise: GaussianNoise,
    output: Linear<8, 3>,
}

fn own() -> Fitted<Own, Classes<3>> {
    let search = Own::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2)).seed(7);
    search.fit(&named()).expect("a report").into_fitted()
}

fn many() -> Vec<[f32; 4]> {
    (0..9001).map(|at| [at as f32 / 4500.0, 1.0, -0.5, (at % 9) as f32]).collect()
}

#[test]
fn every_way_to_predict_has_the_bits_of_an_evaluation_pass() {
    let (mut fitted, rows) = (own(), many());
    let features = Features::from_rows(&rows).expect("rows");
    let network: &OwnNet = fitted.network().expect("its type");
    let pass = dropgrid::phase::Pass::<Rank1<4>, _>::evaluation(&features).expect("the width fits");
    let expected = dropgrid::model::Network::evaluate(network, pass).expect("memory").probabilities();

    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let features = features.clone();
        let found;
        (fitted, found) = pool.install(move || {
            let found = fitted.predict_proba(&features).expect("finite");
            (fitted, found)
        });
        assert_eq!(found.as_flattened(), expected, "{threads} threads");
    }
    let (classes, mut predictor) =
        (fitted.predict(&features).expect("finite"), fitted.row_predictor().expect("memory"));
    for (row, expected) in (0..rows.len()).step_by(97).map(|at| (at, &expected[at * 3..][..3])) {
        assert_eq!(predictor.predict_proba(&rows[row]).expect("finite"), *expected);
        assert_eq!(predictor.predict(&rows[row].map(f64::from)).expect("finite"), classes[row]);
    }
}

#[test]
fn a_row_is_refused_as_rows_are() {
    let fitted = own();
    let mut predictor = fitted.row_predictor().expect("memory");
    let error = predictor.predict(&[0.5_f32; 3]).expect_err("too short").to_string();
    assert_eq!(
        error,
        fitted.predict(&Features::from_rows([[0.5; 3]]).expect("rows")).expect_err("too short").to_string()
    );
    let error = predictor.predict(&[0.5, f32::NAN, 0.5, 0.5]).expect_err("no number").to_string();
    assert_eq!(error, Features::from_rows([[0.5, f32::NAN, 0.5, 0.5]]).expect_err("no number").to_string());
    assert!(predictor.predict(&[0.5_f32; 4]).is_ok(), "an error leaves nothing behind");
    // A network with a layer that no program evaluates.
    let (other, points) = (small(), points());
    let mut predictor = other.row_predictor().expect("memory");
    let all = other.predict_proba(&points).expect("finite");
    assert_eq!(predictor.predict_proba(points.row(7)).expect("finite"), all[7]);
}

#[test]
fn predictions_are_written_beside_what_names_their_rows() {
    let fitted = small();
    let rows = Features::from_rows([[0.5, 1.0], [-1.0, -1.0]]).expect("rows");
    let predictions = fitted.predictions(&rows).expect("the width fits");
    let text = predictions.to_csv([TextColumn::new("id", [7, 9]), TextColumn::new("who", ["a, b", "\"c\""])]);
    let [one, two] = predictions.probabilities()[..] else { panic!("two rows") };
    let names = predictions.names();
    assert_eq!(
        text.expect("columns"),
        format!(
            "id,who,prediction,probability_no,probability_yes\n\
             7,\"a, b\",{},{},{}\n9,\"\"\"c\"\"\",{},{},{}\n",
            names[0], one[0], one[1], names[1], two[0], two[1]
        )
    );
    let refusal = |id: TextColumn| predictions.to_csv([id]).expect_err("no such column").to_string();
    assert_eq!(refusal(TextColumn::new("prediction", [1, 2])), "two columns are named `prediction`");
    assert!(refusal(TextColumn::new("id", [1])).starts_with('1'));

    let header = |text: String| text.lines().next().expect("a header").to_owned();
    let passes = fitted.mc_predict(&rows, McDropout(5), 1).expect("dropout alone").to_csv([]).expect("columns");
    let words = "prediction,probability_no,probability_yes,std,entropy,mutual_information";
    assert_eq!(header(passes), words);
    let numbers = Regression::<2>::new((0..40).map(|at| [f64::from(at % 7), f64::from(at % 5)])).expect("numbers");
    let passes = pair(numbers).mc_predict(&points(), McDropout(5), 1).expect("dropout alone").to_csv([]);
    assert_eq!(header(passes.expect("columns")), "prediction_0,prediction_1,std_0,std_1");
    let flags = MultiLabel::<2>::new((0..40).map(|at| [at % 7 > 3, at % 5 > 2])).expect("flags");
    let flags = pair(flags.with_names(["up", "right"]).expect("two names")).predictions(&points()).expect("rows fit");
    let text = flags.to_csv([]).expect("columns");
    let on = |row: usize, flag: usize| u8::from(flags.flags()[row][flag]);
    assert!(text.starts_with("prediction_up,prediction_right,probability_up,probability_right\n"), "{text}");
    assert!(text.lines().nth(1).expect("a row").starts_with(&format!("{},{},", on(0, 0), on(0, 1))), "{text}");
    assert_eq!(text.lines().count(), 41);
}

/// A file in a folder of its own, and the folder.
fn folder(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("next.csv");
    fs::write(&path, text).expect("room on the disk");
    (folder, path)
}

#[test]
fn the_next_file_is_predicted_by_the_names_of_its_columns() {
    let targets = Binary::new((0..40).map(|at| at % 7 > at % 5)).expect("both classes");
    let features = points().with_names(["x", "y"]).expect("two names");
    let data = Dataset::from_features(features, targets.with_names(["no", "yes"]).expect("two names")).expect("data");
    let search = Small::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(3)).seed(1).progress(false);
    let fitted = search.fit(&data).expect("a report").into_fitted();
    let (folder, next) = folder("who;y;x;remark\nann;1.0;0.5;\"late; again\"\nbob;-1.0;-1.0;\n");
    let to = folder.path().join("predicted.csv");
    fitted.predict_csv(&next, &to).expect("a file");
    let rows = Features::from_rows([[0.5, 1.0], [-1.0, -1.0]]).expect("rows");
    let names = fitted.predict_names(&rows).expect("the width fits");
    let text = fs::read_to_string(&to).expect("a file");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "who,remark,prediction,probability_no,probability_yes");
    assert!(lines[1].starts_with(&format!("ann,\"late; again\",{},", names[0])), "{text}");
    assert!(lines[2].starts_with(&format!("bob,,{},", names[1])), "{text}");
    fitted.mc_predict_csv(&next, &to, McDropout(4), 7).expect("a file");
    assert!(fs::read_to_string(&to).expect("a file").starts_with("who,remark,prediction,probability_no,"));

    let (_folder, next) = self::folder("x,z\n1,2\n");
    let error = fitted.predict_csv(&next, &to).expect_err("a column is missing").to_string();
    assert_eq!(error, "the columns are not those that the model was trained on: `y` missing");
}
