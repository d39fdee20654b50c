//! Metrics that take any number of classes, and metrics that take one number a row.

use dropgrid_core::{
    data::{Labels, Values},
    metric::{
        Accuracy, AveragePrecision, Averaging, BalancedAccuracy, BrierScore, CohenKappa, D2AbsoluteError, D2Brier,
        D2LogLoss, D2Pinball, ExplainedVariance, F1, FBeta, Jaccard, LogLoss, MatthewsCorrcoef, MaxError,
        MeanAbsoluteError, MeanAbsolutePercentageError, MeanPoissonDeviance, MeanSquaredError, MedianAbsoluteError,
        MetricOf, Precision, R2, Recall, RocAuc, RootMeanSquaredError,
    },
};

pub(super) fn of_classes() -> Vec<MetricOf<Labels>> {
    let mut metrics: Vec<MetricOf<Labels>> = vec![
        Box::new(Accuracy),
        Box::new(BalancedAccuracy),
        Box::new(BrierScore),
        Box::new(LogLoss),
        Box::new(MatthewsCorrcoef),
        Box::new(D2LogLoss),
        Box::new(D2Brier),
        Box::new(CohenKappa::new()),
        Box::new(RocAuc::ovo(Averaging::Macro)),
        Box::new(RocAuc::ovo(Averaging::Weighted)),
    ];
    for averaging in [Averaging::Micro, Averaging::Macro, Averaging::Weighted] {
        metrics.push(Box::new(Precision::averaged(averaging)));
        metrics.push(Box::new(Recall::averaged(averaging)));
        metrics.push(Box::new(F1::averaged(averaging)));
        metrics.push(Box::new(Jaccard::averaged(averaging)));
        metrics.push(Box::new(FBeta::averaged(0.5, averaging)));
        metrics.push(Box::new(RocAuc::ovr(averaging)));
        metrics.push(Box::new(AveragePrecision::<Labels>::averaged(averaging)));
    }
    metrics
}

pub(super) fn of_values() -> Vec<MetricOf<Values>> {
    vec![
        Box::new(MeanSquaredError),
        Box::new(RootMeanSquaredError),
        Box::new(MeanAbsoluteError),
        Box::new(MedianAbsoluteError),
        Box::new(MeanAbsolutePercentageError),
        Box::new(MeanPoissonDeviance),
        Box::new(R2),
        Box::new(ExplainedVariance),
        Box::new(D2AbsoluteError),
        Box::new(D2Pinball::new(0.9)),
        Box::new(MaxError),
    ]
}
