//! What holds of every metric on any predictions, and known numbers.

mod exact;
mod scales;

use dropgrid_core::{
    data::{Labels, Truth, Values},
    metric::{
        Accuracy, AveragePrecision, Averaging, BalancedAccuracy, BrierScore, CohenKappa, ConfusionMatrix, CustomMetric,
        Direction, ExplainedVariance, F1, LogLoss, MatthewsCorrcoef, MaxError, MeanAbsoluteError,
        MeanAbsolutePercentageError, MeanPinballLoss, MeanSquaredError, MedianAbsoluteError, Metric, MetricOf, Needs,
        R2, RocAuc, RootMeanSquaredError, Scored, TopKAccuracy, Warning,
    },
};
use proptest::prelude::*;

use crate::metrics::{of_classes, of_values};

fn value<K: Truth>(metric: impl Metric<Kind = K>, scored: &Scored<'_, K>) -> f64 {
    metric.score(scored).expect("a score").value
}

fn close(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() < 1e-12, "{ours} is not {theirs}");
}

const TRUTH: [usize; 7] = [0, 1, 2, 2, 1, 0, 2];
const PREDICTED: [usize; 7] = [0, 2, 2, 2, 1, 0, 1];
const PROBABILITIES: [f64; 21] =
    [0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.2, 0.2, 0.6, 0.0, 0.0, 1.0, 0.3, 0.4, 0.3, 0.5, 0.25, 0.25, 0.1, 0.8, 0.1];

/// Numbers that scikit-learn 1.9.1 gives.
#[test]
fn labels_and_probabilities_of_three_classes() {
    let labels = Scored::labels(&TRUTH, &PREDICTED, 3).expect("labels");
    close(value(Accuracy, &labels), 0.714_285_714_285_714_3);
    close(value(BalancedAccuracy, &labels), 0.722_222_222_222_222_2);
    close(value(F1::averaged(Averaging::Macro), &labels), 0.722_222_222_222_222_2);
    close(value(F1::averaged(Averaging::Micro), &labels), 0.714_285_714_285_714_3);
    close(value(F1::averaged(Averaging::Weighted), &labels), 0.714_285_714_285_714_3);
    close(value(CohenKappa::new(), &labels), 0.5625);
    close(value(MatthewsCorrcoef, &labels), 0.5625);
    let scored = Scored::classes(&TRUTH, &PROBABILITIES, 3).expect("probabilities");
    close(value(LogLoss, &scored), 0.755_764_170_985_551_4);
    close(value(RocAuc::ovr(Averaging::Macro), &scored), 0.836_111_111_111_111_1);
    close(value(RocAuc::ovo(Averaging::Macro), &scored), 0.847_222_222_222_222_3);
    close(value(TopKAccuracy::new(2), &scored), 1.0);
    let weights = [1.0, 2.0, 0.0, 1.0, 3.0, 1.0, 1.0];
    close(value(Accuracy, &labels.weighted(&weights).expect("weights")), 0.666_666_666_666_666_6);
    close(value(LogLoss, &scored.weighted(&weights).expect("weights")), 0.791_436_740_071_920_7);
}

#[test]
fn two_classes_with_ties_and_a_regression() {
    let scored = Scored::binary(&[0, 0, 1, 1, 1, 0], &[0.1, 0.4, 0.35, 0.8, 0.4, 0.4]).expect("probabilities");
    close(value(RocAuc::binary(), &scored), 2.0 / 3.0);
    close(value(AveragePrecision::binary(), &scored), 0.7);
    close(value(BrierScore, &scored), 0.192_083_333_333_333_33);

    let (truth, predicted) = ([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]);
    let scored = Scored::values(&truth, &predicted, 1).expect("values");
    close(value(MeanSquaredError, &scored), 0.375);
    close(value(MeanAbsoluteError, &scored), 0.5);
    close(value(RootMeanSquaredError, &scored), 0.612_372_435_695_794_5);
    close(value(R2, &scored), 0.948_608_137_044_967_9);
    close(value(ExplainedVariance, &scored), 0.957_173_447_537_473_2);
    close(value(MaxError, &scored), 1.0);
    close(value(MedianAbsoluteError, &scored), 0.5);
    close(value(MeanAbsolutePercentageError, &scored), 0.327_380_952_380_952_4);
}

#[test]
fn undefined_scores_say_why() {
    let one_class = Scored::binary(&[1, 1], &[0.2, 0.8]).expect("probabilities");
    let auc = RocAuc::binary().score(&one_class).expect("a score");
    assert!(auc.value.is_nan());
    assert!(matches!(auc.warnings[..], [Warning::OneClass { .. }]), "{auc:?}");
    let nothing = Scored::labels(&[0, 0], &[0, 0], 2).expect("labels");
    let f1 = F1::binary().score(&nothing).expect("a score");
    assert_eq!(f1.value, 0.0);
    assert_eq!(f1.warnings.len(), 1);
    let constant = |predicted: &[f64]| R2.score(&Scored::values(&[2.0, 2.0], predicted, 1).expect("values"));
    assert_eq!(constant(&[2.0, 2.0]).expect("a score").value, 1.0);
    assert_eq!(constant(&[2.0, 3.0]).expect("a score").value, 0.0);
    let lone = R2.score(&Scored::values(&[2.0], &[2.0], 1).expect("values")).expect("a score");
    assert!(lone.value.is_nan());
    assert_eq!(lone.warnings, [Warning::TooFewRows { rows: 1, needed: 2 }]);
}

#[test]
fn a_confusion_matrix_counts_rows_by_weight() {
    let scored = Scored::labels(&TRUTH, &PREDICTED, 3).expect("labels");
    let matrix = ConfusionMatrix::of(&scored).expect("a matrix");
    assert_eq!(
        (matrix.row(0), matrix.row(1), matrix.row(2)),
        (&[2.0, 0.0, 0.0][..], &[0.0, 1.0, 1.0][..], &[0.0, 1.0, 2.0][..])
    );
}

fn label_metrics() -> Vec<MetricOf<Labels>> {
    let mut metrics = of_classes();
    metrics.push(Box::new(TopKAccuracy::new(2)));
    let share = |scored: &Scored<'_, Labels>| {
        let rows = (0..scored.len()).map(|row| scored.weights().map_or(1.0, |weights| weights[row]));
        let zero = scored.predicted()?.iter().zip(rows.clone()).filter(|&(&class, _)| class == 0);
        Ok(zero.map(|(_, weight)| weight).sum::<f64>() / rows.sum::<f64>())
    };
    metrics.push(Box::new(CustomMetric::new("share of 0", Direction::Maximize, Needs::Labels, share)));
    metrics
}

fn value_metrics() -> Vec<MetricOf<Values>> {
    let mut metrics = of_values();
    metrics.push(Box::new(MeanPinballLoss::new(0.3)));
    metrics
}

fn alike(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-11 * a.abs().max(1.0)
}

/// Rows of a class, its probabilities as shares of 3 counts, and a whole weight.
fn rows() -> impl Strategy<Value = Vec<(usize, [u32; 3], usize)>> {
    proptest::collection::vec((0..3_usize, [1..20_u32, 1..20_u32, 1..20_u32], 0..4_usize), 1..40)
}

fn columns(rows: &[(usize, [u32; 3], usize)], order: &[usize]) -> (Vec<usize>, Vec<f64>, Vec<f64>) {
    let truth = order.iter().map(|&row| rows[row].0).collect();
    // No two of a row are equal: equal ones are decided for the first class, whatever its number.
    let counts = |row: usize| [0, 1, 2].map(|class| f64::from(3 * rows[row].1[class]) + class as f64);
    let shares = |row: usize| counts(row).map(|count| count / counts(row).iter().sum::<f64>());
    let probabilities = order.iter().flat_map(|&row| shares(row)).collect();
    (truth, probabilities, order.iter().map(|&row| rows[row].2 as f64).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_does_not_matter(rows in rows(), turn in 0..40_usize) {
        let order: Vec<usize> = (0..rows.len()).collect();
        let mut turned = order.clone();
        turned.reverse();
        turned.rotate_left(turn % rows.len());
        let (a, b) = (columns(&rows, &order), columns(&rows, &turned));
        let scored = |of: &(Vec<usize>, Vec<f64>, Vec<f64>), metric: &MetricOf<Labels>| {
            metric.score(&Scored::classes(&of.0, &of.1, 3).expect("probabilities")).expect("a score").value
        };
        for metric in label_metrics() {
            prop_assert!(alike(scored(&a, &metric), scored(&b, &metric)), "{}", metric.name());
        }
    }

    #[test]
    fn a_weight_is_the_row_so_many_times(rows in rows()) {
        prop_assume!(rows.iter().any(|row| row.2 > 0));
        // A row of weight 0 is still one of the classes that there are, in scikit-learn as here: such rows are left out.
        let kept: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].2 > 0).collect();
        let repeated: Vec<usize> = kept.iter().flat_map(|&row| vec![row; rows[row].2]).collect();
        let (truth, probabilities, weights) = columns(&rows, &kept);
        let (many_truth, many_probabilities, _) = columns(&rows, &repeated);
        for metric in label_metrics() {
            let weighted = Scored::classes(&truth, &probabilities, 3).and_then(|scored| scored.weighted(&weights));
            let weighted = metric.score(&weighted.expect("weights")).expect("a score").value;
            let many = Scored::classes(&many_truth, &many_probabilities, 3).expect("probabilities");
            let many = metric.score(&many).expect("a score").value;
            // One row many times is two rows, of which D² is defined.
            let is_one_row = truth.len() == 1 && metric.name().starts_with("d2");
            prop_assert!(alike(weighted, many) || is_one_row, "{}: {weighted} and {many}", metric.name());
        }
        let numbers = |truth: &[usize]| truth.iter().map(|&class| class as f64 + 1.0).collect::<Vec<_>>();
        let first = |probabilities: &[f64]| probabilities.chunks(3).map(|row| 4.0 * row[0]).collect::<Vec<_>>();
        for metric in value_metrics() {
            let (few, many) = ((numbers(&truth), first(&probabilities)), (numbers(&many_truth), first(&many_probabilities)));
            let few = Scored::values(&few.0, &few.1, 1).and_then(|scored| scored.weighted(&weights)).map(|scored| metric.score(&scored));
            let many = metric.score(&Scored::values(&many.0, &many.1, 1).expect("values")).expect("a score").value;
            let few = few.expect("weights").expect("a score").value;
            // One row many times is two rows, of which R² is defined.
            prop_assert!(alike(few, many) || truth.len() == 1, "{}: {few} and {many}", metric.name());
        }
    }

    #[test]
    fn the_numbers_of_classes_do_not_matter(rows in rows()) {
        let order: Vec<usize> = (0..rows.len()).collect();
        let (truth, probabilities, _) = columns(&rows, &order);
        let renamed: Vec<usize> = truth.iter().map(|class| (class + 1) % 3).collect();
        let moved: Vec<f64> = probabilities.chunks(3).flat_map(|row| [row[2], row[0], row[1]]).collect();
        for metric in label_metrics().iter().filter(|metric| metric.name() != "share of 0") {
            let before = metric.score(&Scored::classes(&truth, &probabilities, 3).expect("probabilities"));
            let after = metric.score(&Scored::classes(&renamed, &moved, 3).expect("probabilities"));
            let (before, after) = (before.expect("a score").value, after.expect("a score").value);
            prop_assert!(alike(before, after), "{}: {before} and {after}", metric.name());
        }
    }

    #[test]
    fn a_ranking_does_not_know_the_scale(rows in rows()) {
        let truth: Vec<usize> = rows.iter().map(|row| row.0 % 2).collect();
        let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.1[0])).collect();
        let scaled: Vec<f64> = scores.iter().map(|score| (score / 7.0).exp() - 3.0).collect();
        let metrics: [MetricOf<Labels>; 2] = [Box::new(RocAuc::binary()), Box::new(AveragePrecision::binary())];
        for metric in metrics {
            let score = |scores: &[f64]| {
                metric.score(&Scored::binary_scores(&truth, scores).expect("scores")).expect("a score").value
            };
            let (before, after) = (score(&scores), score(&scaled));
            prop_assert!(before == after || (before.is_nan() && after.is_nan()), "{}", metric.name());
        }
    }
}
