//! The scale of weights and of numbers, up to the ends of the range of `f64`.

use dropgrid_core::{
    Result,
    data::{Flags, Labels, Truth, Values},
    metric::{
        AveragePrecision, Averaging, CohenKappa, ConfusionMatrix, ExplainedVariance, F1, FBeta, HammingLoss,
        MeanPinballLoss, MetricOf, Normalize, OutputAverage, Precision, R2, Recall, RocAuc, RootMeanSquaredError,
        Scored, SubsetAccuracy, TopKAccuracy, VarianceWeighted,
    },
};

use super::{label_metrics, value};
use crate::metrics::{of_classes, of_values};

/// Subnormal, tiny and huge, and what products of four of them would still bear.
const SCALES: [f64; 9] = [5e-324, 1e-320, 1e-300, 1e-170, 1e-60, 1e60, 1e155, 1e300, f64::MAX / 64.0];

/// Every metric gives what it gives with weights of 1, and what it gives with weights 1, 2 and 3.
fn same_at_every_scale<K: Truth>(
    metrics: &[MetricOf<K>],
    rows: usize,
    predictions: impl for<'a> Fn(&'a [f64]) -> Result<Scored<'a, K>>,
) {
    let even = vec![1.0; rows];
    let uneven: Vec<f64> = (0..rows).map(|row| (row % 3 + 1) as f64).collect();
    for metric in metrics {
        let with = |weights: &[f64]| {
            let measured = metric.score(&predictions(weights).expect("weights")).expect("a score");
            (measured.value, measured.warnings)
        };
        for weights in [&even, &uneven] {
            let expected = with(weights);
            assert!(!expected.0.is_nan(), "{} has no score to compare", metric.name());
            for scale in SCALES {
                let scaled: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
                let ours = with(&scaled);
                let off = (ours.0 - expected.0).abs();
                // A weight that is no power of two times 1 is rounded, and ratios with it.
                assert!(
                    off <= 1e-12 * expected.0.abs(),
                    "{} at {scale:e}: {} for {}",
                    metric.name(),
                    ours.0,
                    expected.0
                );
                assert_eq!(ours.1, expected.1, "{} at {scale:e}", metric.name());
            }
            for exponent in [-1000, -300, -80, -3, 5, 90, 250, 1000] {
                let scaled: Vec<f64> = weights.iter().map(|weight| weight * 2.0_f64.powi(exponent)).collect();
                assert_eq!(with(&scaled), expected, "{} at 2^{exponent}", metric.name());
            }
        }
    }
}

#[test]
fn labels() {
    static TRUTH: [usize; 8] = [0, 1, 2, 2, 1, 0, 2, 1];
    static PROBABILITIES: [[f64; 3]; 8] = [
        [0.7, 0.2, 0.1],
        [0.1, 0.6, 0.3],
        [0.2, 0.2, 0.6],
        [0.1, 0.0, 0.9],
        [0.3, 0.4, 0.3],
        [0.5, 0.25, 0.25],
        [0.1, 0.8, 0.1],
        [0.6, 0.3, 0.1],
    ];
    static PAIR: [usize; 6] = [0, 1, 1, 0, 1, 0];
    static SCORES: [f64; 6] = [0.1, 0.4, 0.35, 0.8, 0.9, 0.35];
    let mut metrics: Vec<MetricOf<Labels>> = of_classes();
    metrics.push(Box::new(CohenKappa::linear()));
    metrics.push(Box::new(CohenKappa::quadratic()));
    metrics.push(Box::new(TopKAccuracy::new(2)));
    metrics.push(Box::new(Precision::of_class(2)));
    metrics.push(Box::new(FBeta::averaged(1e154, Averaging::Macro)));
    same_at_every_scale(&metrics, TRUTH.len(), |weights| {
        Scored::classes(&TRUTH, PROBABILITIES.as_flattened(), 3)?.weighted(weights)
    });

    let binary: Vec<MetricOf<Labels>> = vec![
        Box::new(RocAuc::binary()),
        Box::new(AveragePrecision::binary()),
        Box::new(Precision::binary()),
        Box::new(Recall::binary()),
        Box::new(F1::binary()),
        Box::new(FBeta::binary(2.0)),
    ];
    same_at_every_scale(&binary, PAIR.len(), |weights| Scored::binary(&PAIR, &SCORES)?.weighted(weights));
}

#[test]
fn flags() {
    let metrics: Vec<MetricOf<Flags>> = vec![
        Box::new(SubsetAccuracy),
        Box::new(HammingLoss),
        Box::new(F1::samples()),
        Box::new(F1::averaged(Averaging::Micro)),
        Box::new(Recall::averaged(Averaging::Weighted)),
        Box::new(RocAuc::flags(Averaging::Macro)),
        Box::new(RocAuc::flags(Averaging::Micro)),
        Box::new(AveragePrecision::<Flags>::averaged(Averaging::Weighted)),
    ];
    static TRUTH: [bool; 8] = [true, false, false, true, true, true, false, false];
    static PROBABILITIES: [f64; 8] = [0.9, 0.2, 0.6, 0.7, 0.4, 0.1, 0.3, 0.4];
    same_at_every_scale(&metrics, 4, |weights| {
        Scored::flag_probabilities(&TRUTH, &PROBABILITIES, 2)?.weighted(weights)
    });
}

static TRUE_VALUES: [f64; 6] = [3.0, 0.5, 2.0, 7.0, 5.0, 1.0];
static PREDICTED_VALUES: [f64; 6] = [2.5, 0.25, 2.0, 8.0, 6.0, 3.0];

fn two_columns(outputs: usize, weights: &[f64]) -> Result<Scored<'_, Values>> {
    Scored::values(&TRUE_VALUES, &PREDICTED_VALUES, outputs)?.weighted(weights)
}

#[test]
fn values() {
    let mut metrics: Vec<MetricOf<Values>> = of_values();
    metrics.push(Box::new(MeanPinballLoss::new(0.3)));
    same_at_every_scale(&metrics, 6, |weights| two_columns(1, weights));
    let outputs: Vec<MetricOf<Values>> = vec![
        Box::new(VarianceWeighted::new(R2)),
        Box::new(VarianceWeighted::new(ExplainedVariance)),
        Box::new(OutputAverage::new(R2, [1.0, 3.0])),
    ];
    same_at_every_scale(&outputs, 3, |weights| two_columns(2, weights));
}

#[test]
fn an_area_of_tiny_weights_is_a_number() {
    for weight in [1e-170, 1e155, 5e-324] {
        let weights = [weight; 4];
        let scored = Scored::binary(&[0, 1, 1, 0], &[0.1, 0.4, 0.35, 0.8]).and_then(|scored| scored.weighted(&weights));
        assert_eq!(value(RocAuc::binary(), &scored.expect("weights")), 0.5, "{weight:e}");
    }
    // Two classes that weigh next to nothing beside a third, and two sides of most different weights.
    let weights = [1.0, 1e-200, 1e-200, 2e-200, 1e-200];
    let probabilities = [[1.0, 0.0, 0.0], [0.0, 0.75, 0.25], [0.0, 0.5, 0.5], [0.0, 0.625, 0.375], [0.0, 0.25, 0.75]];
    let scored = Scored::classes(&[0, 1, 1, 2, 2], probabilities.as_flattened(), 3).expect("probabilities");
    let scored = scored.weighted(&weights).expect("weights");
    // Of the last pair one win of 2, one loss of 2 and two wins of 1: 4 of 6; the other pairs are told apart.
    assert!((value(RocAuc::ovo(Averaging::Macro), &scored) - (1.0 + 1.0 + 4.0 / 6.0) / 3.0).abs() < 1e-15);
    let weights = [1e300, 1e-20, 3e-20];
    let scored = Scored::binary_scores(&[1, 0, 0], &[0.5, 0.1, 0.9]).and_then(|scored| scored.weighted(&weights));
    // The weights are rounded, and their ratio with them.
    assert!((value(RocAuc::binary(), &scored.expect("weights")) - 0.25).abs() < 1e-15);
}

#[test]
fn shares_of_a_matrix_do_not_know_the_scale() {
    let shares = |weights: &[f64]| {
        let scored = Scored::labels(&[0, 0, 1, 1], &[0, 1, 1, 1], 2).and_then(|scored| scored.weighted(weights));
        let matrix = ConfusionMatrix::of(&scored.expect("weights")).expect("a matrix");
        assert_eq!(matrix.get(0, 0), weights[0], "entries are the weights as they are given");
        [Normalize::True, Normalize::Predicted, Normalize::All].map(|by| matrix.normalized(by))
    };
    for scale in [5e-324, 1e-300, 5e307] {
        assert_eq!(shares(&[scale; 4]), shares(&[1.0; 4]), "{scale:e}");
    }
}

#[test]
fn a_metric_of_the_user_sees_the_weights_as_they_are() {
    let weights = [1e-300, 3e-300];
    let scored = Scored::labels(&[0, 1], &[0, 0], 2).and_then(|scored| scored.weighted(&weights)).expect("weights");
    assert_eq!(scored.weights(), Some(&weights[..]));
    let metrics = label_metrics();
    let share = metrics.iter().find(|metric| metric.name() == "share of 0").expect("the metric");
    assert_eq!(share.score(&scored).expect("a score").value, 1.0);
}

/// Squares of these numbers leave the range of `f64`, and what they are divided by leaves it with them.
#[test]
fn numbers_of_any_size_are_explained_as_others_are() {
    let at = |scale: f64| {
        let numbers = |values: &[f64]| values.iter().map(|value| value * scale).collect::<Vec<_>>();
        let (truth, predicted) = (numbers(&TRUE_VALUES), numbers(&PREDICTED_VALUES));
        let one = Scored::values(&truth, &predicted, 1).expect("values");
        let two = Scored::values(&truth, &predicted, 2).expect("values");
        [
            value(R2, &one),
            value(ExplainedVariance, &one),
            value(VarianceWeighted::new(R2), &two),
            value(RootMeanSquaredError, &one) / scale,
        ]
    };
    for exponent in [-1020, -700, -500, -3, 200, 600, 1019] {
        assert_eq!(at(2.0_f64.powi(exponent)), at(1.0), "2^{exponent}");
    }
    // Outputs of most different size, each on its own scale.
    let (truth, predicted) = ([1e-200, 1.0, 2e-200, 2.0, 3e-200, 3.0], [1e-200, 1.0, 3e-200, 2.0, 3e-200, 4.0]);
    let scored = Scored::values(&truth, &predicted, 2).expect("values");
    assert!((value(R2, &scored) - 0.5).abs() < 1e-15);
    assert_eq!(value(VarianceWeighted::new(R2), &scored), 0.5);
}
