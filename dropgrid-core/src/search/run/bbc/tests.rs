//! Tests of the corrected scores against a reference implementation.

use serde::Deserialize;

use super::*;
use crate::{
    data::{Binary, Classes, Features, Regression},
    metric::{Accuracy, Averaging, F1, LogLoss, MedianAbsoluteError, R2, RocAuc, RootMeanSquaredError},
    report::BbcCv,
};

#[derive(Deserialize)]
struct Case {
    kind: String,
    truth: Vec<f64>,
    weights: Option<Vec<f64>>,
    groups: Option<Vec<usize>>,
    repeats: usize,
    folds: Vec<Vec<usize>>,
    outputs: Vec<Vec<Vec<f64>>>,
    resamples: Vec<Vec<usize>>,
    metrics: Vec<String>,
    /// Per metric: the score, the lower and upper bound of its interval, and the number of resamples that have a score.
    scores: Vec<(f64, f64, f64, usize)>,
}

impl Case {
    fn check<T: TrainTarget>(&self, targets: T, metrics: impl Fn(&str) -> MetricOf<T::Kind>) {
        let rows = self.truth.len();
        let features = Features::from_flat(vec![0.0; rows], 1).expect("features");
        let mut data = Dataset::from_features(features, targets).expect("data");
        if let Some(weights) = &self.weights {
            data = data.with_weights(weights.clone()).expect("weights");
        }
        if let Some(groups) = &self.groups {
            data = data.with_groups(groups.clone()).expect("groups");
        }
        let metrics: Vec<MetricOf<T::Kind>> = self.metrics.iter().map(|name| metrics(name)).collect();
        let splits: Vec<Split> = self.folds.iter().map(|test| Split::new(Vec::new(), test.clone())).collect();
        let candidate = |outputs: &Vec<Vec<f64>>| CandidateOutputs {
            threshold: 0.5,
            outputs: outputs.iter().map(|all| all.as_slice().into()).collect(),
        };
        let candidates = self.outputs.iter().map(candidate).collect();
        let sample = OutOfFoldSample::new(&data, &splits, self.repeats, &metrics, candidates);
        assert_eq!(sample.units(), self.resamples[0].len());
        let resamples: Vec<Vec<f64>> =
            self.resamples.iter().map(|drawn| sample.scores(drawn).unwrap_or_default()).collect();
        let facts: Vec<_> = metrics.iter().map(|metric| (metric.name(), metric.direction(), f64::NAN)).collect();
        let settings = BbcCv::new().confidence(0.9);
        let found = BbcScores::of(settings, sample.units(), &facts, &resamples).expect("scores");
        for (found, &(score, low, high, defined)) in found.scores.iter().zip(&self.scores) {
            assert_eq!((&self.kind, found.defined), (&self.kind, defined));
            let close =
                |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{} {}: {a} is not {b}", self.kind, found.metric);
            close(found.score, score);
            close(found.interval.0, low);
            close(found.interval.1, high);
        }
    }
}

/// Compares with `tests/golden/bbc.py` on the same resamples.
#[test]
fn corrected_scores_are_those_of_the_reference() {
    let mut kinds = Vec::new();
    for line in include_str!("../../../../../tests/golden/bbc.jsonl").lines() {
        let case: Case = serde_json::from_str(line).expect("a case");
        let labels = || case.truth.iter().map(|&label| usize::from(label > 0.5) + usize::from(label > 1.5));
        match case.kind.as_str() {
            "classes" => {
                case.check(Classes::<3>::new(labels()).expect("classes"), |name| match name {
                    "accuracy" => Box::new(Accuracy),
                    "log_loss" => Box::new(LogLoss),
                    _ => Box::new(F1::averaged(Averaging::Macro)),
                });
            }
            "binary" => {
                case.check(Binary::new(labels().map(|label| label == 1)).expect("classes"), |name| {
                    if name == "roc_auc" { Box::new(RocAuc::binary()) } else { Box::new(Accuracy) }
                });
            }
            _ => {
                let targets = Regression::<1>::new(case.truth.iter().map(|&value| [value])).expect("values");
                case.check(targets, |name| match name {
                    "rmse" => Box::new(RootMeanSquaredError),
                    "r2" => Box::new(R2),
                    _ => Box::new(MedianAbsoluteError),
                });
            }
        }
        kinds.push(case.kind);
    }
    assert_eq!(kinds.len(), 7);
}
