//! What scikit-learn refuses is refused here, with the numbers at fault.

use std::fmt::Debug;

use dropgrid_core::{
    Result,
    data::{Flags, Labels, Truth, Values},
    metric::{
        AveragePrecision, Averaging, BrierScore, CohenKappa, ConfusionMatrix, CustomMetric, Direction, F1, FBeta,
        LogLoss, MaxError, MeanPinballLoss, MeanPoissonDeviance, MeanSquaredError, Metric, MetricOf, Needs,
        OutputAverage, Precision, R2, Recall, RocAuc, Scored, TopKAccuracy, VarianceWeighted,
    },
};

fn refused<T: Debug>(result: Result<T>, message: &str) {
    assert_eq!(result.expect_err(message).to_string(), message);
}

fn scored<K: Truth>(metric: impl Metric<Kind = K>, scored: &Scored<'_, K>, message: &str) {
    refused(metric.score(scored), message);
}

#[test]
fn truth_and_predictions_that_do_not_go_together() {
    refused(Scored::labels(&[], &[], 2), "the data has no rows");
    refused(Scored::values(&[], &[], 1), "the data has no rows");
    refused(Scored::flags(&[], &[], 2), "the data has no rows");
    refused(Scored::labels(&[0, 1], &[0], 2), "1 predicted labels for 2 rows of 1");
    refused(Scored::classes(&[0, 1], &[0.5; 5], 3), "5 probabilities for 2 rows of 3");
    refused(Scored::class_scores(&[0, 1], &[0.5; 4], 3), "4 scores for 2 rows of 3");
    refused(Scored::binary(&[0, 1], &[0.5; 3]), "3 probabilities for 2 rows of 1");
    refused(Scored::binary_scores(&[0, 1], &[0.5]), "1 scores for 2 rows of 1");
    refused(Scored::flags(&[true; 4], &[true; 3], 2), "3 predicted flags for 2 rows of 2");
    refused(Scored::flag_probabilities(&[true; 4], &[0.5; 2], 2), "2 probabilities for 2 rows of 2");
    refused(Scored::flag_scores(&[true; 4], &[0.5; 6], 2), "6 scores for 2 rows of 2");
    refused(Scored::values(&[0.0; 4], &[0.0; 2], 2), "2 predicted values for 2 rows of 2");
    refused(Scored::values(&[0.0; 3], &[0.0; 3], 2), "3 true values do not divide into rows of 2");
    refused(Scored::flags(&[true; 3], &[true; 3], 0), "3 true flags do not divide into rows of 0");
}

#[test]
fn numbers_that_are_none() {
    refused(Scored::labels(&[0], &[0], 1), "1 class: class labels are scored among at least 2");
    refused(Scored::labels(&[0, 2], &[0, 1], 2), "row 2, column `truth`: label 2 is not one of the 2 classes 0..2");
    refused(
        Scored::labels(&[0, 1], &[3, 1], 2),
        "row 1, column `prediction`: label 3 is not one of the 2 classes 0..2",
    );
    refused(Scored::classes(&[0, 1], &[0.5, 0.5, 1.5, -0.5], 2), "row 2, column 0: 1.5 is not a probability");
    refused(Scored::binary(&[0, 1], &[0.5, f64::NAN]), "row 2, column 0: NaN is not a probability");
    refused(Scored::flag_probabilities(&[true; 2], &[0.5, -1.0], 2), "row 1, column 1: -1 is not a probability");
    refused(
        Scored::class_scores(&[0, 1], &[0.0, 1.0, 2.0, f64::INFINITY], 2),
        "row 2, column 1: the score inf is not finite",
    );
    refused(Scored::flag_scores(&[true; 2], &[0.0, f64::NAN], 1), "row 2, column 0: the score NaN is not finite");
    refused(Scored::values(&[f64::NAN], &[0.0], 1), "row 1, column 0: the truth NaN is not finite");
    refused(
        Scored::values(&[0.0; 4], &[0.0, 0.0, 0.0, f64::INFINITY], 2),
        "row 2, column 1: the prediction inf is not finite",
    );
}

#[test]
fn weights_that_weigh_nothing() {
    let three = || Scored::labels(&[0, 1, 1], &[0, 1, 0], 2).expect("labels");
    refused(three().weighted(&[1.0; 2]), "2 weights for 3 rows");
    refused(three().weighted(&[1.0, -1.0, 1.0]), "row 2: weight -1 is not a finite number of at least 0");
    refused(three().weighted(&[1.0, 1.0, f64::NAN]), "row 3: weight NaN is not a finite number of at least 0");
    refused(three().weighted(&[0.0; 3]), "all 3 weights are 0");
}

#[test]
fn metrics_of_other_predictions() {
    let labels = Scored::labels(&[0, 1], &[0, 1], 2).expect("labels");
    scored(LogLoss, &labels, "log_loss needs probabilities, but there are only predicted labels");
    scored(RocAuc::binary(), &labels, "roc_auc needs scores, but there are only predicted labels");
    scored(TopKAccuracy::new(1), &labels, "top_1_accuracy needs scores, but there are only predicted labels");
    let scores = Scored::binary_scores(&[0, 1], &[-1.0, 1.0]).expect("scores");
    scored(BrierScore, &scores, "brier_score needs probabilities, but there are only scores");
    scored(F1::binary(), &scores, "f1 needs predicted labels, but there are only scores");
    scored(RocAuc::ovr(Averaging::Macro), &scores, "roc_auc_ovr needs probabilities, but there are only scores");
    assert!(ConfusionMatrix::of(&scores).is_err());
    let flags = Scored::flags(&[true, false], &[true, true], 2).expect("flags");
    let precision = AveragePrecision::<Flags>::averaged(Averaging::Micro);
    scored(precision, &flags, "average_precision_micro needs scores, but there are only predicted labels");
}

#[test]
fn metrics_of_other_classes() {
    let three = Scored::classes(&[0, 1, 2], &[0.2, 0.3, 0.5, 0.2, 0.3, 0.5, 0.2, 0.3, 0.5], 3).expect("probabilities");
    let for_two = |metric: &str| format!("{metric} is for 2 classes, here are 3; average over classes instead");
    scored(Precision::binary(), &three, &for_two("precision"));
    scored(Recall::binary(), &three, &for_two("recall"));
    scored(F1::binary(), &three, &for_two("f1"));
    scored(FBeta::binary(2.0), &three, &for_two("f2"));
    scored(RocAuc::binary(), &three, &for_two("roc_auc"));
    scored(AveragePrecision::binary(), &three, &for_two("average_precision"));
    scored(Precision::of_class(3), &three, "precision_class_3 is about class 3, but the classes are 0..3");
    let odd = Scored::classes(&[0, 1], &[0.5, 0.25, 0.25, 0.5, 0.25, 0.5], 3).expect("probabilities");
    scored(
        RocAuc::ovr(Averaging::Macro),
        &odd,
        "roc_auc_ovr needs probabilities that sum to 1, but those of row 2 sum to 1.25",
    );
    // scikit-learn warns here, and so does this: see `Warning::RowSum`.
    assert_eq!(LogLoss.score(&odd).expect("a score").warnings.len(), 1);
}

#[test]
fn settings_outside_their_range() {
    let labels = Scored::labels(&[0, 1], &[0, 1], 2).expect("labels");
    for beta in [-1.0, f64::NAN] {
        scored(FBeta::binary(beta), &labels, &format!("beta is {beta}, expected at least 0"));
    }
    let scores = Scored::binary(&[0, 1], &[0.0, 1.0]).expect("probabilities");
    scored(TopKAccuracy::new(0), &scores, "k is 0, expected at least 1");
    scored(
        RocAuc::ovo(Averaging::Micro),
        &scores,
        "averaging of a one-versus-one ROC AUC is Micro, expected Macro or Weighted",
    );
    let values = Scored::values(&[0.0, 1.0], &[0.0, 1.0], 1).expect("values");
    scored(MeanPinballLoss::new(1.5), &values, "alpha is 1.5, expected a number in [0, 1]");
}

#[test]
fn outputs_of_a_regression() {
    let one = Scored::values(&[1.0, -1.0], &[1.0, 1.0], 1).expect("values");
    let two = Scored::values(&[1.0, -1.0], &[1.0, 1.0], 2).expect("values");
    scored(MaxError, &two, "max_error is for one output, here are 2");
    scored(MeanPoissonDeviance, &two, "mean_poisson_deviance is for one output, here are 2");
    scored(MeanPoissonDeviance, &one, "mean_poisson_deviance: row 2, the truth is -1, expected at least 0");
    let none = Scored::values(&[1.0, 1.0], &[1.0, 0.0], 1).expect("values");
    scored(MeanPoissonDeviance, &none, "mean_poisson_deviance: row 2, the prediction is 0, expected above 0");
    let weighted = |weights: &[f64]| OutputAverage::new(MeanSquaredError, weights);
    scored(weighted(&[1.0; 3]), &two, "mean_squared_error has 3 output weights for 2 outputs");
    scored(weighted(&[1.0]), &one, "mean_squared_error weighs outputs, but here is only one");
    scored(
        weighted(&[0.0; 2]),
        &two,
        "the list of output weights is [0.0, 0.0], expected finite numbers of at least 0, not all 0",
    );
}

/// A study reads the scores of another metric where two have one identity.
#[test]
fn an_identity_has_every_setting() {
    let values: [MetricOf<Values>; 8] = [
        Box::new(R2),
        Box::new(VarianceWeighted::new(R2)),
        Box::new(OutputAverage::new(R2, [1.0, 0.0])),
        Box::new(OutputAverage::new(R2, [0.0, 1.0])),
        Box::new(OutputAverage::new(MeanPinballLoss::new(0.1), [0.0, 1.0])),
        Box::new(OutputAverage::new(MeanPinballLoss::new(0.9), [0.0, 1.0])),
        Box::new(MeanPinballLoss::new(0.1)),
        Box::new(MeanPinballLoss::new(0.9)),
    ];
    let labels: [MetricOf<Labels>; 16] = [
        Box::new(FBeta::binary(2.0)),
        Box::new(FBeta::binary(0.5)),
        Box::new(FBeta::of_class(2.0, 0)),
        Box::new(FBeta::of_class(2.0, 1)),
        Box::new(Precision::averaged(Averaging::Macro)),
        Box::new(Precision::averaged(Averaging::Micro)),
        Box::new(CohenKappa::new()),
        Box::new(CohenKappa::linear()),
        Box::new(TopKAccuracy::new(2)),
        Box::new(TopKAccuracy::new(3)),
        Box::new(RocAuc::ovr(Averaging::Weighted)),
        Box::new(RocAuc::ovo(Averaging::Weighted)),
        Box::new(AveragePrecision::<Labels>::averaged(Averaging::Weighted)),
        Box::new(AveragePrecision::<Labels>::averaged(Averaging::Macro)),
        Box::new(CustomMetric::new("a, b", Direction::Maximize, Needs::Labels, |_: &Scored<'_, Labels>| Ok(0.0))),
        Box::new(CustomMetric::new("a, b", Direction::Minimize, Needs::Labels, |_: &Scored<'_, Labels>| Ok(0.0))),
    ];
    let mut identities: Vec<String> = values.iter().map(|metric| metric.identity()).collect();
    identities.extend(labels.iter().map(|metric| metric.identity()));
    let mut distinct = identities.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), identities.len(), "{identities:?}");
    assert_eq!(values[2].name(), "r2_outputs_1_0");
    assert_eq!(labels[15].identity(), "\"a, b\" (lower is better, of predicted labels)");
}

/// What scikit-learn only warns of is a score with a warning.
#[test]
fn what_is_odd_but_not_refused() {
    let warnings = |measured: Result<dropgrid_core::metric::Measured>| measured.expect("a score").warnings;
    let one_class = Scored::labels(&[1, 1], &[1, 1], 2).expect("labels");
    let told = |warning: &str, warnings: Vec<dropgrid_core::metric::Warning>| {
        let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(warnings, [warning]);
    };
    told("truth and prediction are one and the same class everywhere", warnings(CohenKappa::new().score(&one_class)));
    told("no true or predicted rows of class 0: 0/0 counts as 0", warnings(F1::of_class(0).score(&one_class)));
    let lone = Scored::values(&[1.0], &[2.0], 1).expect("values");
    told("1 row scored, but at least 2 are needed", warnings(VarianceWeighted::new(R2).score(&lone)));
    let all = Scored::class_scores(&[0, 1], &[0.0; 6], 3).expect("scores");
    told("the best 3 of 3 classes are always right", warnings(TopKAccuracy::new(3).score(&all)));
}
