//! The metrics that are compared, under the names that `tests/golden/metrics.py` gives them.

use dropgrid_core::{
    data::{Flags, Labels, Values},
    metric::{
        Accuracy, AtThreshold, AveragePrecision, Averaging, CohenKappa, ConfusionMatrix, CustomMetric, D2Pinball,
        D2Tweedie, Direction, ExplainedVariance, F1, FBeta, HammingLoss, Jaccard, MeanAbsoluteError,
        MeanAbsolutePercentageError, MeanGammaDeviance, MeanPinballLoss, MeanSquaredError, MeanSquaredLogError,
        MeanTweedieDeviance, MedianAbsoluteError, Metric, MetricOf, Needs, NegativeLikelihoodRatio, Normalize,
        OutputAverage, PerOutput, PositiveLikelihoodRatio, Precision, PrecisionAtRecall, R2, Recall, RecallAtPrecision,
        RocAuc, RootMeanSquaredError, RootMeanSquaredLogError, Scored, SensitivityAtSpecificity,
        SpecificityAtSensitivity, SubsetAccuracy, TopKAccuracy, VarianceWeighted,
    },
};

use crate::metrics::{of_classes, of_values};

pub(super) fn labels() -> Vec<MetricOf<Labels>> {
    let mut metrics = of_classes();
    let others: [MetricOf<Labels>; 13] = [
        Box::new(CohenKappa::linear()),
        Box::new(CohenKappa::quadratic()),
        Box::new(Precision::binary()),
        Box::new(Recall::binary()),
        Box::new(F1::binary()),
        Box::new(FBeta::binary(2.0)),
        Box::new(Precision::of_class(2)),
        Box::new(Recall::of_class(2)),
        Box::new(F1::of_class(2)),
        Box::new(Jaccard::binary()),
        Box::new(Jaccard::of_class(2)),
        Box::new(RocAuc::binary()),
        Box::new(AveragePrecision::binary()),
    ];
    metrics.extend(others);
    for k in 1..=3 {
        metrics.push(Box::new(TopKAccuracy::new(k)));
    }
    for limit in [0.0, 0.25, 0.75, 1.0] {
        metrics.push(Box::new(RecallAtPrecision::new(limit)));
        metrics.push(Box::new(PrecisionAtRecall::new(limit)));
        metrics.push(Box::new(SensitivityAtSpecificity::new(limit)));
        metrics.push(Box::new(SpecificityAtSensitivity::new(limit)));
    }
    let others: [MetricOf<Labels>; 9] = [
        Box::new(PositiveLikelihoodRatio::new()),
        Box::new(NegativeLikelihoodRatio::new()),
        Box::new(AtThreshold::new(Precision, 0.75)),
        Box::new(AtThreshold::new(Recall, 0.25)),
        Box::new(AtThreshold::new(F1, 0.3)),
        Box::new(AtThreshold::new(Accuracy, 0.0)),
        Box::new(AtThreshold::new(Jaccard, 0.0)),
        Box::new(AtThreshold::new(Jaccard, 0.3)),
        Box::new(AtThreshold::new(Jaccard, 0.75)),
    ];
    metrics.extend(others);
    metrics
}

pub(super) fn flags() -> Vec<MetricOf<Flags>> {
    let mut metrics: Vec<MetricOf<Flags>> = vec![
        Box::new(SubsetAccuracy),
        Box::new(HammingLoss),
        Box::new(Precision::samples()),
        Box::new(Recall::samples()),
        Box::new(F1::samples()),
        Box::new(Jaccard::samples()),
        Box::new(AtThreshold::new(Jaccard::samples(), 0.3)),
        Box::new(FBeta::samples(2.0)),
    ];
    for averaging in [Averaging::Micro, Averaging::Macro, Averaging::Weighted] {
        metrics.push(Box::new(Precision::averaged(averaging)));
        metrics.push(Box::new(Recall::averaged(averaging)));
        metrics.push(Box::new(F1::averaged(averaging)));
        metrics.push(Box::new(Jaccard::averaged(averaging)));
        metrics.push(Box::new(AtThreshold::new(Jaccard::averaged(averaging), 0.3)));
        metrics.push(Box::new(FBeta::averaged(2.0, averaging)));
        metrics.push(Box::new(RocAuc::flags(averaging)));
        metrics.push(Box::new(AveragePrecision::<Flags>::averaged(averaging)));
    }
    metrics
}

pub(super) fn values() -> Vec<MetricOf<Values>> {
    let mut metrics = of_values();
    let others: [MetricOf<Values>; 7] = [
        Box::new(MeanGammaDeviance),
        Box::new(MeanSquaredLogError),
        Box::new(RootMeanSquaredLogError),
        Box::new(MeanPinballLoss::new(0.5)),
        Box::new(MeanPinballLoss::new(0.9)),
        Box::new(VarianceWeighted::new(R2)),
        Box::new(VarianceWeighted::new(ExplainedVariance)),
    ];
    metrics.extend(others);
    for power in [-1.5, 0.0, 1.0, 1.5, 2.0, 3.0] {
        metrics.push(Box::new(MeanTweedieDeviance::new(power)));
        metrics.push(Box::new(D2Tweedie::new(power)));
    }
    for alpha in [0.0, 0.25, 0.5, 0.75, 1.0] {
        metrics.push(Box::new(D2Pinball::new(alpha)));
    }
    metrics
}

/// A number that tells confusion matrices apart, as in the script.
fn matrix(name: &str, by: Option<Normalize>) -> MetricOf<Labels> {
    let entries = move |scored: &Scored<'_, Labels>| {
        let matrix = ConfusionMatrix::of(scored)?;
        let matrix = by.map_or(matrix.clone(), |by| matrix.normalized(by));
        let entries = (0..matrix.classes()).flat_map(|class| matrix.row(class).to_vec());
        Ok(entries.enumerate().map(|(at, entry)| (at + 1) as f64 * entry).sum())
    };
    Box::new(CustomMetric::new(name, Direction::Maximize, Needs::Labels, entries))
}

pub(super) fn matrices() -> Vec<MetricOf<Labels>> {
    vec![
        matrix("matrix", None),
        matrix("matrix_true", Some(Normalize::True)),
        matrix("matrix_predicted", Some(Normalize::Predicted)),
        matrix("matrix_all", Some(Normalize::All)),
    ]
}

/// The metric with outputs weighted 1, 2, 3, and its score of the last output alone.
fn by_output(metric: impl PerOutput + Clone) -> [MetricOf<Values>; 2] {
    let (name, direction, last) = (metric.name(), metric.direction(), metric.clone());
    let weighted = move |scored: &Scored<'_, Values>| {
        let weights = &[1.0, 2.0, 3.0][..scored.width()];
        Ok(OutputAverage::new(metric.clone(), weights).score(scored)?.value)
    };
    let last = move |scored: &Scored<'_, Values>| Ok(last.outputs(scored).into_iter().next_back().expect("an output"));
    [
        Box::new(CustomMetric::new(format!("{name}_by_output"), direction, Needs::Values, weighted)),
        Box::new(CustomMetric::new(format!("{name}_last"), direction, Needs::Values, last)),
    ]
}

pub(super) fn outputs() -> Vec<MetricOf<Values>> {
    [
        by_output(MeanSquaredError),
        by_output(RootMeanSquaredError),
        by_output(MeanAbsoluteError),
        by_output(MedianAbsoluteError),
        by_output(MeanAbsolutePercentageError),
        by_output(MeanPinballLoss::new(0.9)),
        by_output(R2),
        by_output(ExplainedVariance),
    ]
    .into_iter()
    .flatten()
    .collect()
}
